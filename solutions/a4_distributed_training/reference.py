# The answers: the instructor's notebook is built with them. The notebook has its own imports;
# this one lets hidden tests use the answers, through the fixture `reference`.

import torch
import torch.distributed as dist


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    """Return bytes of "weights", "gradients" and "optimizer" on one rank, float32 and Adam."""
    sharded = {
        "data parallel": (),
        "sharded optimizer": ("optimizer",),
        "fully sharded": ("weights", "gradients", "optimizer"),
    }
    if strategy not in sharded or world < 1:
        raise ValueError(f"no strategy {strategy!r} for {world} ranks")
    shard = -(-parameters // world)  # rounded up
    arrays = {"weights": 1, "gradients": 1, "optimizer": 2}
    return {
        kind: 4 * count * (shard if kind in sharded[strategy] else parameters)
        for kind, count in arrays.items()
    }


def activation_bytes(batch, sizes):
    """Return the bytes of all layers' inputs, kept in float32 for the way back."""
    return 4 * batch * sum(sizes[:-1])


# %% task="a4_t2"
def ring_all_reduce(x):
    """Replace x by the sum of all ranks' x, with nothing but messages round the ring."""
    rank = dist.get_rank()
    world = dist.get_world_size()
    chunks = x.view(-1).tensor_split(world)
    right, left = (rank + 1) % world, (rank - 1) % world

    def pass_on(outgoing, incoming):
        got = torch.empty_like(chunks[incoming % world])
        sending = dist.isend(chunks[outgoing % world].clone(), right)
        dist.recv(got, left)
        sending.wait()
        return got

    for step in range(world - 1):
        incoming = rank - step - 1
        chunks[incoming % world].add_(pass_on(rank - step, incoming))
    for step in range(world - 1):
        incoming = rank - step
        chunks[incoming % world].copy_(pass_on(rank + 1 - step, incoming))


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank, each * world, world)]


# %% task="a4_t4"
def same_start(parameters):
    """Give every rank the weights of rank 0."""
    for parameter in parameters:
        dist.broadcast(parameter.detach(), src=0)


def average_gradients(parameters, samples):
    """Make every gradient the mean over the samples of all ranks."""
    total = torch.tensor(float(samples))
    dist.all_reduce(total)
    seen = set()
    for parameter in parameters:
        if not parameter.requires_grad or id(parameter) in seen:
            continue
        seen.add(id(parameter))
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad.mul_(samples)
        dist.all_reduce(parameter.grad)
        parameter.grad.div_(total.item())


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    for parameter in parameters:
        parameter.grad = None
    share = 1.0 / (len(micro_batches) * dist.get_world_size())
    for batch in micro_batches:
        (share * loss(parameters, batch)).backward()
    for parameter in parameters:
        dist.all_reduce(parameter.grad)


# %% task="a4_t6"
class ShardedAdam:
    """Adam whose averages are spread over the ranks: each keeps those of its own shard."""

    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.parameters = parameters
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        total = sum(parameter.numel() for parameter in self.parameters)
        self.world, self.rank = dist.get_world_size(), dist.get_rank()
        self.shard = -(-total // self.world)
        self.m = torch.zeros(self.shard, dtype=self.parameters[0].dtype)
        self.v = torch.zeros_like(self.m)
        self.t = 0

    def pieces(self, tensors):
        """Return the tensors as one vector, padded with zeros, cut into one piece a rank."""
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        padding = flat.new_zeros(self.shard * self.world - flat.numel())
        return list(torch.cat([flat, padding]).split(self.shard))

    def step(self):
        """Average the gradients over the ranks, and take one step."""
        gradient = torch.empty_like(self.m)
        dist.reduce_scatter(gradient, self.pieces([p.grad for p in self.parameters]))
        gradient /= self.world
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        mine = self.pieces(self.parameters)[self.rank]
        mine = mine - self.lr * m_hat / (v_hat.sqrt() + self.eps)
        whole = [torch.empty_like(mine) for _ in range(self.world)]
        dist.all_gather(whole, mine)
        self.write(torch.cat(whole))

    def write(self, flat):
        """Copy one vector of all weights back into the parameters."""
        start = 0
        for parameter in self.parameters:
            stop = start + parameter.numel()
            parameter.data.copy_(flat[start:stop].reshape(parameter.shape))
            start = stop


# %% task="a4_t7"
def shard_of(weight, rank, world):
    """Return one rank's piece of a weight: as a vector, padded, cut in equal pieces."""
    size = -(-weight.numel() // world)  # rounded up
    padded = torch.cat([weight.reshape(-1), weight.new_zeros(size * world - weight.numel())])
    return padded[rank * size : (rank + 1) * size].clone()


class ShardedLayer:
    """tanh(x W), where each rank keeps one shard of W and sees the whole only while it is used."""

    def __init__(self, shard, shape):
        self.shard, self.shape = shard, shape

    def whole(self):
        """Gather the weight from all ranks."""
        pieces = [torch.empty_like(self.shard) for _ in range(dist.get_world_size())]
        dist.all_gather(pieces, self.shard)
        rows, columns = self.shape
        return torch.cat(pieces)[: rows * columns].reshape(rows, columns)

    def forward(self, x):
        """Return tanh(x W)."""
        self.x = x
        self.y = torch.tanh(x @ self.whole())
        return self.y

    def backward(self, slope):
        """Return the slope with respect to x; leave the shard of W's gradient in self.gradient."""
        world = dist.get_world_size()
        inner = slope * (1 - self.y**2)
        back = inner @ self.whole().T
        pieces = [shard_of(self.x.T @ inner, rank, world) for rank in range(world)]
        self.gradient = torch.empty_like(self.shard)
        dist.reduce_scatter(self.gradient, pieces)
        self.gradient /= world
        return back


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    """Return one rank's part of the two layers: columns of the first, rows of the second."""
    return (
        w1.tensor_split(world, dim=1)[rank],
        b1.tensor_split(world)[rank],
        w2.tensor_split(world, dim=0)[rank],
        b2,
    )


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    """Return relu(x W1 + b1) W2 + b2 on every rank; each brings its part of the weights."""
    partial = torch.relu(x @ w1 + b1) @ w2
    dist.all_reduce(partial)
    return partial + b2


# %% task="a4_t9"
def bubble(stages, micro_batches):
    """Return the share of time in which a stage of the pipeline has nothing to do."""
    return (stages - 1) / (micro_batches + stages - 1)


def pipeline_schedule(stages, micro_batches):
    """Return one row a stage: what it does in each tick, such as "F0", "B0" or "" for nothing."""
    ways = micro_batches + stages - 1
    rows = [[""] * (2 * ways) for _ in range(stages)]
    for stage in range(stages):
        for number in range(micro_batches):
            rows[stage][stage + number] = f"F{number}"
            rows[stage][ways + stages - 1 - stage + number] = f"B{number}"
    return rows


def pipeline_forward(weight, micro_batches):
    """Return the outputs on the last rank, [] on the others; each rank is one stage."""
    rank, last = dist.get_rank(), dist.get_world_size() - 1
    outputs = []
    for x in micro_batches:
        if rank > 0:
            x = torch.empty_like(x)
            dist.recv(x, rank - 1)
        y = torch.tanh(x @ weight)
        if rank < last:
            dist.send(y, rank + 1)
        else:
            outputs.append(y)
    return outputs


# %% task="a4_t10"
class Checkpoint(torch.autograd.Function):
    """A function that is computed again on the way back."""

    @staticmethod
    def forward(ctx, function, x, _):
        """Keep the input and the state of chance."""
        ctx.function, ctx.chance = function, torch.get_rng_state()
        ctx.save_for_backward(x)
        return function(x)

    @staticmethod
    def backward(ctx, slope):
        """Compute again with the same chance, and go back through that."""
        x = ctx.saved_tensors[0].detach().requires_grad_()
        now = torch.get_rng_state()
        torch.set_rng_state(ctx.chance)
        with torch.enable_grad():
            y = ctx.function(x)
        torch.set_rng_state(now)
        y.backward(slope)
        return None, x.grad, None


def checkpoint(function, x):
    """Return function(x); compute it again on the way back, instead of keeping it."""
    return Checkpoint.apply(function, x, torch.empty(0, requires_grad=True))


def checkpointed(blocks, x, every):
    """Return the output of all blocks, with one checkpoint for each `every` of them."""

    def run(segment, value):
        for block in segment:
            value = block(value)
        return value

    for start in range(0, len(blocks), every):
        segment = blocks[start : start + every]
        x = checkpoint(lambda value, segment=segment: run(segment, value), x)
    return x


def peak_activations(blocks, every):
    """Return how many outputs are kept at most: inputs of segments, and one segment."""
    if every < 1:
        raise ValueError(f"a segment needs at least one block, and not {every}")
    return -(-blocks // every) + min(every, blocks)


# %% task="a4_t11"
def forget_peak(device):
    """Start counting anew, on a device that counts."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()


def peak_bytes(device):
    """Return the most bytes held since then."""
    return torch.cuda.max_memory_allocated() if device == "cuda" else 0


def mixed_step(weights, x, wanted, lr, device, every):
    """Return new weights, loss and peak bytes of one step with products in bfloat16."""

    def run(segment, value):
        for master in segment:
            value = torch.tanh(value @ master)
        return value

    forget_peak(device)
    masters = [weight.detach().to(device).requires_grad_() for weight in weights]
    value = x.to(device)
    with torch.autocast(device, dtype=torch.bfloat16):
        for start in range(0, len(masters), every) if every else ():
            segment = masters[start : start + every]
            again = torch.utils.checkpoint.checkpoint
            value = again(run, segment, value, use_reentrant=False)
        if not every:
            value = run(masters, value)
    loss = ((value.float() - wanted.to(device)) ** 2).mean()
    slopes = torch.autograd.grad(loss, masters)
    return {
        "weights": [(w.detach() - lr * g).cpu() for w, g in zip(masters, slopes, strict=True)],
        "loss": loss.item(),
        "peak_bytes": peak_bytes(device),
    }


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
        if memory <= machine["memory"] and time < shortest:
            best, shortest = plan, time
    return best


# %% [markdown] task="a4_t13"
# **Model answer.** Gradients have to be the same on every rank after each step, so every step ends
# with a meeting: the fastest rank waits for the slowest. One straggler at half the speed makes the
# whole group half as fast, however many ranks there are. Without the meeting nobody waits, but a
# gradient is applied to weights that have moved on since it was computed. That error grows with the
# learning rate and with how many steps the gradient is late, and beyond a point the loss no longer
# falls.
#
# Data parallel costs the most memory: weights, gradients and both averages of Adam, 16 bytes a
# parameter, on every rank. Sharding the optimizer brings the 8 bytes of the averages down to 8 / n;
# it sends as many numbers as before, because a reduce-scatter and an all-gather together are what
# an all-reduce does. Sharding the weights too brings all 16 bytes down by n, at the price of
# gathering each layer again for the way there and the way back.
#
# **Rubric** (8 points). 2: the step takes as long as its slowest rank, read off the picture.
# 2: what a late gradient is, and why a larger rate makes it worse. 2: which of the four arrays
# each strategy shares out, with numbers. 2: what it costs in messages, with the reason.


# %% task="a4_t14"
def count_anew(device):
    """Forget the most bytes so far, on a device that counts."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()


def most_bytes(device):
    """Return the most bytes held since then."""
    return torch.cuda.max_memory_allocated() if device == "cuda" else 0


def ranks_step(weights, x, wanted, lr, device, sharded):
    """Return new weights (or shards), loss and peak bytes of one step of all ranks together."""
    world = dist.get_world_size()
    count_anew(device)
    kept = [weight.to(device) for weight in weights]

    def whole(weight):
        if not sharded:
            return weight
        pieces = [torch.empty_like(weight) for _ in range(world)]
        dist.all_gather(pieces, weight)
        return torch.cat(pieces).reshape(x.shape[1], x.shape[1])

    values = [x.to(device)]
    for weight in kept:
        values.append(torch.tanh(values[-1] @ whole(weight)))
    error = values[-1] - wanted.to(device)
    loss = (error**2).mean() / world
    dist.all_reduce(loss)
    slope = 2 * error / (error.numel() * world)
    new = []
    for weight in reversed(kept):
        inner = slope * (1 - values.pop() ** 2)
        gradient = values[-1].T @ inner
        slope = inner @ whole(weight).T
        if sharded:
            pieces = list(gradient.reshape(-1).chunk(world))
            gradient = torch.empty_like(weight)
            dist.reduce_scatter(gradient, pieces)
        else:
            dist.all_reduce(gradient)
        new.insert(0, (weight - lr * gradient).cpu())
    return {"weights": new, "loss": loss.item(), "peak_bytes": most_bytes(device)}
