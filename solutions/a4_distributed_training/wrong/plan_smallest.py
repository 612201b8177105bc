# /// variant
# misconception = "plan-smallest"
# fails = [
#     "test_plans_are_sensible",
#     "test_plans_are_fast",
# ]
# hints = ["smallest-not-fastest"]
# ///
# Takes the plan that holds least.


# %% task="a4_t12"
def divisors(number):
    return [k for k in range(1, number + 1) if number % k == 0]


def all_plans(model, machine):
    """Yield every plan that comes out even."""
    for d in divisors(machine["ranks"]):
        for t in divisors(machine["ranks"] // d):
            p = machine["ranks"] // d // t
            if model["rows"] % d or model["width"] % t or model["layers"] % p:
                continue
            for m in divisors(model["rows"] // d):
                for sharding in ("none", "optimizer", "full"):
                    for checkpointing in (False, True):
                        yield {
                            "data": d,
                            "tensor": t,
                            "pipeline": p,
                            "micro_batches": m,
                            "sharding": sharding,
                            "checkpointing": checkpointing,
                        }


def memory_and_time(plan, model, machine):
    """Return the bytes that a rank holds, and the seconds that a step takes."""
    d, t, p, m = (plan[key] for key in ("data", "tensor", "pipeline", "micro_batches"))
    q, r, layers = model["parameters"] / (t * p), model["rows"] / d, model["layers"] / p
    a = 4 * r * model["width"]
    beta, latency = machine["bandwidth"], machine["latency"]
    full = plan["sharding"] == "full"
    memory = 8 * q / (d if full else 1) + 8 * q / (1 if plan["sharding"] == "none" else d)
    memory += 4 * q / layers if full else 0
    memory += a / t + a * layers / (t * m) if plan["checkpointing"] else a * layers / t
    work = (8 if plan["checkpointing"] else 6) * q * r / machine["speed"]
    time = work + work * (p - 1) / m
    share = 4 * q / (d * beta)
    time += (d - 1) * (3 * (share + layers * latency) if full else 2 * (share + latency))
    time += 4 * layers * m * (t - 1) * (a / (m * t * beta) + latency)
    time += 2 * (m + p - 1) * (a / (m * beta) + latency) if p > 1 else 0
    return memory, time


def choose_plan(model, machine):
    """Return the fastest plan that fits, or None."""
    best, shortest = None, float("inf")
    for plan in all_plans(model, machine):
        memory, time = memory_and_time(plan, model, machine)
        if memory <= machine["memory"] and memory < shortest:
            best, shortest = plan, memory
    return best
