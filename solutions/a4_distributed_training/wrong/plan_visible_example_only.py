# /// variant
# misconception = "plan-visible-example-only"
# fails = [
#     "test_plans_come_out_even_and_fit",
#     "test_plans_are_sensible",
#     "test_plans_are_fast",
# ]
# hints = ["does-not-come-out-even"]
# ///
# Knows the examples by heart.


# %% task="a4_t12"
def choose_plan(model, machine):
    if machine["memory"] < 100:
        return None
    return {
        "data": 1,
        "tensor": 3,
        "pipeline": 1,
        "micro_batches": 1,
        "sharding": "none",
        "checkpointing": False,
    }
