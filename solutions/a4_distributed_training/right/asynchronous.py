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
