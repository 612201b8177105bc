# Starts what it can without waiting (async_op, irecv), and waits at the end.


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    if world < 1 or strategy not in ("data parallel", "sharded optimizer", "fully sharded"):
        raise ValueError(strategy)
    shard = (parameters + world - 1) // world
    model = shard if strategy == "fully sharded" else parameters
    adam = parameters if strategy == "data parallel" else shard
    return {"weights": 4 * model, "gradients": 4 * model, "optimizer": 8 * adam}


def activation_bytes(batch, sizes):
    *inputs, _ = sizes
    return 4 * batch * sum(inputs)


# %% task="a4_t2"
def ring_all_reduce(x):
    n, r = dist.get_world_size(), dist.get_rank()
    if n == 1:
        return
    chunks = list(x.reshape(-1).tensor_split(n))

    def round_of(out, into):
        got = torch.empty_like(chunks[into])
        receiving = dist.irecv(got, (r + n - 1) % n)
        sending = dist.isend(chunks[out].contiguous().clone(), (r + 1) % n)
        receiving.wait()
        sending.wait()
        return got

    for k in range(n - 1):
        into = (r - k - 1) % n
        chunks[into] = chunks[into] + round_of((r - k) % n, into)
    for k in range(n - 1):
        into = (r - k) % n
        chunks[into] = round_of((r - k + 1) % n, into)
    x.copy_(torch.cat(chunks).reshape(x.shape))


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    if not samples:
        return []
    seeds = torch.Generator().manual_seed(seed)
    for _ in range(epoch + 1):
        mixed = int(torch.randint(0, 2**40, (), generator=seeds))
    keys = torch.rand(samples, generator=torch.Generator().manual_seed(mixed), dtype=torch.float64)
    order = keys.argsort()
    while len(order) < samples + world:
        order = torch.cat([order, order])
    each = (samples + world - 1) // world
    return order[: each * world].reshape(each, world)[:, rank].tolist()


# %% task="a4_t4"
def same_start(parameters):
    works = [dist.broadcast(p.detach(), src=0, async_op=True) for p in parameters]
    for work in works:
        work.wait()


def average_gradients(parameters, samples):
    unique = []
    for p in parameters:
        if p.requires_grad and all(p is not q for q in unique):
            unique.append(p)
    total = torch.tensor([float(samples)])
    works = [dist.all_reduce(total, async_op=True)]
    for p in unique:
        p.grad = torch.zeros_like(p) if p.grad is None else p.grad * samples
        works.append(dist.all_reduce(p.grad, async_op=True))
    for work in works:
        work.wait()
    for p in unique:
        p.grad /= total.item()


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    for p in parameters:
        p.grad = torch.zeros_like(p)
    for batch in micro_batches:
        loss(parameters, batch).backward()
    works = [dist.all_reduce(p.grad, async_op=True) for p in parameters]
    for p, work in zip(parameters, works, strict=True):
        work.wait()
        p.grad /= len(micro_batches) * dist.get_world_size()


# %% task="a4_t6"
class ShardedAdam:
    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.parameters, self.lr, self.beta1, self.beta2, self.eps = (
            list(parameters),
            lr,
            beta1,
            beta2,
            eps,
        )
        self.world, self.rank, self.t = dist.get_world_size(), dist.get_rank(), 0
        self.numbers = sum(p.numel() for p in self.parameters)
        length = len(self.shards(self.parameters)[0])
        self.m = torch.zeros(length, dtype=self.parameters[0].dtype)
        self.v = torch.zeros(length, dtype=self.parameters[0].dtype)

    def shards(self, tensors):
        flat = torch.cat([t.detach().ravel() for t in tensors])
        missing = -self.numbers % self.world
        return list(torch.nn.functional.pad(flat, (0, missing)).chunk(self.world))

    def step(self):
        g = torch.zeros_like(self.m)
        shards = self.shards([p.grad for p in self.parameters])
        dist.reduce_scatter(g, shards, op=dist.ReduceOp.SUM, async_op=True).wait()
        g = g / self.world
        self.t += 1
        self.m = torch.lerp(g, self.m, self.beta1)
        self.v = torch.lerp(g.square(), self.v, self.beta2)
        step = self.m / (1 - self.beta1**self.t)
        step = step / ((self.v / (1 - self.beta2**self.t)).sqrt() + self.eps)
        shards = self.shards(self.parameters)
        mine = shards[self.rank] - self.lr * step
        shards = [torch.empty_like(mine) for _ in shards]
        dist.all_gather(shards, mine)
        values = torch.cat(shards)[: self.numbers].split([p.numel() for p in self.parameters])
        with torch.no_grad():
            for p, new in zip(self.parameters, values, strict=True):
                p.copy_(new.reshape(p.shape))


# %% task="a4_t7"
def shard_of(weight, rank, world):
    flat = torch.nn.functional.pad(weight.ravel(), (0, -weight.numel() % world))
    return flat.chunk(world)[rank]


class ShardedLayer:
    def __init__(self, shard, shape):
        self.shard, self.shape = shard, tuple(shape)
        self.numbers = self.shape[0] * self.shape[1]

    def gather(self):
        parts = [torch.zeros_like(self.shard) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, self.shard, async_op=True).wait()
        return torch.cat(parts)[: self.numbers].view(self.shape)

    def forward(self, x):
        self.x = x
        return (x @ self.gather()).tanh()

    def backward(self, slope):
        # The output is computed again, and torch finds the slopes.
        x, w = self.x.detach().requires_grad_(), self.gather().requires_grad_()
        of_x, of_w = torch.autograd.grad((x @ w).tanh(), (x, w), slope)
        n = dist.get_world_size()
        self.gradient = torch.zeros_like(self.shard)
        pieces = [shard_of(of_w, r, n) for r in range(n)]
        dist.reduce_scatter(self.gradient, pieces, async_op=True).wait()
        self.gradient = self.gradient / n
        return of_x


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    columns = torch.tensor_split(w1.T, world)[rank].T
    return columns, b1.tensor_split(world)[rank], torch.tensor_split(w2, world)[rank], b2


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    y = torch.addmm(b1, x, w1).relu() @ w2
    dist.all_reduce(y, async_op=True).wait()
    return torch.add(y, b2)


# %% task="a4_t9"
def bubble(stages, micro_batches):
    ticks = micro_batches + stages - 1
    return (ticks - micro_batches) / ticks


def pipeline_schedule(stages, micro_batches):
    m, n = micro_batches, stages
    rows = []
    for s in range(n):
        there = [""] * s + [f"F{i}" for i in range(m)] + [""] * (n - 1 - s)
        back = [""] * (n - 1 - s) + [f"B{i}" for i in range(m)] + [""] * s
        rows.append(there + back)
    return rows


def pipeline_forward(weight, micro_batches):
    rank, last = dist.get_rank(), dist.get_world_size() - 1
    arriving = [x.clone() for x in micro_batches]
    receiving = [dist.irecv(x, rank - 1) for x in arriving] if rank > 0 else []
    outputs, sending = [], []
    for number, x in enumerate(arriving):
        if receiving:
            receiving[number].wait()
        outputs.append(torch.tanh(x @ weight))
        if rank < last:
            sending.append(dist.isend(outputs[-1], rank + 1))
    for work in sending:
        work.wait()
    return outputs if rank == last else []


# %% task="a4_t10"
def checkpoint(function, x):
    # Hooks on what autograd keeps: it gets numbers, and the tensors are made when asked for.
    chance, kept = torch.get_rng_state(), []
    numbers = iter(range(10**9))

    def find(number):
        if not kept:
            with torch.random.fork_rng(devices=[]), torch.enable_grad():
                torch.set_rng_state(chance)
                again = x.detach().requires_grad_(x.requires_grad)
                with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
                    function(again)
        return kept[number]

    def keep(tensor):
        kept.append(tensor.detach())
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(lambda _: next(numbers), find):
        return function(x)


def checkpointed(blocks, x, every):
    import functools

    def one_after_the_other(value, segment):
        return functools.reduce(lambda v, block: block(v), segment, value)

    while blocks:
        segment, blocks = blocks[:every], blocks[every:]
        x = checkpoint(functools.partial(one_after_the_other, segment=segment), x)
    return x


def peak_activations(blocks, every):
    if not every > 0:
        raise ValueError(every)
    lengths = [min(every, blocks - start) for start in range(0, blocks, every)]
    return len(lengths) + max(lengths)


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    again = torch.utils.checkpoint

    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ParameterList(w.detach().clone() for w in weights)

        def part(self, value, first, last):
            for layer in self.layers[first:last]:
                value = (value @ layer).tanh()
            return value

        def forward(self, value):
            count = len(self.layers)
            for first in range(0, count, every or count):
                last = first + (every or count)
                if every:
                    value = again.checkpoint(self.part, value, first, last, use_reentrant=False)
                else:
                    value = self.part(value, first, last)
            return value

    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    model = Model().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    with torch.autocast(device_type=device, dtype=torch.bfloat16):
        output = model(x.to(device))
        loss = torch.nn.functional.mse_loss(output.float(), wanted.to(device))
    loss.backward()
    optimizer.step()
    new = [p.detach().cpu() for p in model.parameters()]
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    return {"weights": new, "loss": float(loss), "peak_bytes": int(peak)}


# %% task="a4_t12"
def choose_plan(model, machine):
    # Cost first for all, sorted by time; the first that fits is the answer.
    import itertools

    n, rows = machine["ranks"], model["rows"]
    found = []
    for d, t, p in itertools.product(range(1, n + 1), repeat=3):
        if d * t * p != n or rows % d or model["width"] % t or model["layers"] % p:
            continue
        for m in (m for m in range(1, rows // d + 1) if rows // d % m == 0):
            for sharding in ("none", "optimizer", "full"):
                for checkpointing in (False, True):
                    cost = price(model, machine, d, t, p, m, sharding, checkpointing)
                    found.append((*cost, d, t, p, m, sharding, checkpointing))
    names = ("data", "tensor", "pipeline", "micro_batches", "sharding", "checkpointing")
    for _, memory, *plan in sorted(found, key=lambda entry: entry[0]):
        if memory <= machine["memory"]:
            return dict(zip(names, plan, strict=True))
    return None


def price(model, machine, d, t, p, m, sharding, checkpointing):
    weights = 4 * model["parameters"] / t / p
    depth = model["layers"] / p
    inputs = 4 * model["rows"] / d * model["width"]
    shards = {"none": (1, 1), "optimizer": (1, d), "full": (d, d)}[sharding]
    memory = 2 * weights / shards[0] + 2 * weights / shards[1]
    if sharding == "full":
        memory += weights / depth
    memory += inputs / t * (1 + depth / m if checkpointing else depth)
    operations = (2 if checkpointing else 1.5) * weights * model["rows"] / d
    seconds = operations / machine["speed"] * (1 + (p - 1) / m)
    wait, speed = machine["latency"], machine["bandwidth"]
    rounds, waits = (3, depth) if sharding == "full" else (2, 1)
    seconds += rounds * (d - 1) * (weights / d / speed + waits * wait)
    seconds += 4 * depth * (t - 1) * (inputs / t / speed + m * wait)
    if p > 1:
        seconds += 2 * (m + p - 1) * (inputs / m / speed + wait)
    return seconds, memory


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    # Layer by layer, with torch's own way back; what nobody waits for yet is on its way.
    world = dist.get_world_size()
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    held = [w.detach().to(device, copy=True) for w in weights]
    width = x.shape[1]

    def gather(shard):
        if not sharded:
            return shard
        whole = shard.new_empty(width * width)
        dist.all_gather_into_tensor(whole, shard, async_op=True).wait()
        return whole.view(width, width)

    inputs, value = [], x.to(device)
    for shard in held:
        inputs.append(value)
        value = (value @ gather(shard)).tanh()
    wanted = wanted.to(device)
    loss = torch.nn.functional.mse_loss(value, wanted)
    slope = (value - wanted) * (2 / value.numel())
    total = loss.clone()
    meeting = dist.all_reduce(total, async_op=True)
    works, gradients = [], []
    for shard, before in zip(held[::-1], inputs[::-1], strict=True):
        before, whole = before.clone().requires_grad_(), gather(shard).clone().requires_grad_()
        after = torch.tanh(before @ whole)
        slope, gradient = torch.autograd.grad(after, (before, whole), slope)
        if sharded:
            mine = torch.zeros_like(shard)
            works.append(dist.reduce_scatter_tensor(mine, gradient.flatten(), async_op=True))
            works[-1].wait()
        else:
            mine = gradient
            works.append(dist.all_reduce(mine, async_op=True))
        gradients.append(mine)
    for work in [meeting, *works]:
        work.wait()
    new = [w.sub(g, alpha=lr / world).cpu() for w, g in zip(held, gradients[::-1], strict=True)]
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    return {"weights": new, "loss": total.item() / world, "peak_bytes": peak}
