# Everything is flattened into one float32 vector, and travels as one message (a "bucket").


# %% task="a4_t1"
import math


def memory_per_rank(parameters, world, strategy):
    cut = {"data parallel": 0, "sharded optimizer": 1, "fully sharded": 3}
    if world <= 0 or strategy not in cut:
        raise ValueError(f"{strategy} on {world} ranks is nothing that I know")
    numbers = {"optimizer": 2, "gradients": 1, "weights": 1}
    return {
        kind: 4 * n * (math.ceil(parameters / world) if place < cut[strategy] else parameters)
        for place, (kind, n) in enumerate(numbers.items())
    }


def activation_bytes(batch, sizes):
    return sum(4 * batch * n for n in sizes) - 4 * batch * sizes[-1]


# %% task="a4_t2"
def ring_all_reduce(x):
    n, r = dist.get_world_size(), dist.get_rank()
    size = -(-x.numel() // n)
    buffer = torch.zeros(n, size, dtype=torch.float32)
    buffer.view(-1)[: x.numel()] = x.flatten()
    for step in range(2 * (n - 1)):
        out = (r - step) % n
        into = (out - 1) % n
        arriving = torch.empty(size)
        sending = dist.isend(buffer[out].clone(), (r + 1) % n)
        dist.recv(arriving, (r - 1) % n)
        sending.wait()
        buffer[into] = arriving + (buffer[into] if step < n - 1 else 0)
    x.copy_(buffer.view(-1)[: x.numel()].view_as(x))


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    import numpy as np

    order = np.random.default_rng([seed, epoch]).permutation(samples)
    each = math.ceil(samples / world)
    return [int(k) for k in np.resize(order, each * world)[rank::world]]


# %% task="a4_t4"
def same_start(parameters):
    bucket = torch.cat([p.detach().flatten() for p in parameters]).float()
    dist.broadcast(bucket, 0)
    for p, values in zip(parameters, bucket.split([p.numel() for p in parameters]), strict=True):
        p.data = values.view_as(p).to(p.dtype)


def average_gradients(parameters, samples):
    mine = list({id(p): p for p in parameters if p.requires_grad}.values())
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in mine]
    bucket = torch.cat([samples * g.flatten() for g in gradients] + [torch.tensor([samples])])
    bucket = bucket.float()
    dist.all_reduce(bucket)
    bucket = bucket[:-1] / bucket[-1]
    for p, values in zip(mine, bucket.split([p.numel() for p in mine]), strict=True):
        p.grad = values.view_as(p).to(p.dtype)


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    total = sum(loss(parameters, batch) for batch in micro_batches) / len(micro_batches)
    gradients = torch.autograd.grad(total, parameters)
    bucket = torch.cat([g.flatten() for g in gradients]).float()
    dist.all_reduce(bucket, op=dist.ReduceOp.AVG)
    for p, values in zip(parameters, bucket.split([p.numel() for p in parameters]), strict=True):
        p.grad = values.view_as(p).to(p.dtype)


# %% task="a4_t6"
class ShardedAdam:
    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, **others):
        self.parameters = parameters
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.sizes = [p.numel() for p in parameters]
        self.length = math.ceil(sum(self.sizes) / dist.get_world_size())
        self.m = torch.zeros(self.length, dtype=parameters[0].dtype)
        self.v = torch.zeros(self.length, dtype=parameters[0].dtype)
        self.t = 0
        start = self.length * dist.get_rank()
        self.mine = self.bucket([p.data for p in parameters])[start : start + self.length].clone()

    def bucket(self, tensors):
        flat = torch.cat([t.flatten() for t in tensors])
        whole = torch.zeros(self.length * dist.get_world_size(), dtype=self.m.dtype)
        whole[: len(flat)] = flat
        return whole

    def step(self):
        self.t += 1
        gradient = torch.zeros_like(self.m)
        dist.reduce_scatter_tensor(gradient, self.bucket([p.grad for p in self.parameters]))
        gradient = gradient / dist.get_world_size()
        beta1, beta2 = self.betas
        self.m += (1 - beta1) * (gradient - self.m)
        self.v += (1 - beta2) * (gradient * gradient - self.v)
        scale = torch.sqrt(self.v / (1 - beta2**self.t)) + self.eps
        self.mine -= self.lr * (self.m / (1 - beta1**self.t)) / scale
        whole = torch.zeros(self.length * dist.get_world_size(), dtype=self.m.dtype)
        dist.all_gather_into_tensor(whole, self.mine)
        for p, values in zip(
            self.parameters, whole[: sum(self.sizes)].split(self.sizes), strict=True
        ):
            p.data = values.view_as(p).clone()


# %% task="a4_t7"
def shard_of(weight, rank, world):
    size = (weight.numel() + world - 1) // world
    padded = torch.zeros(size * world)
    padded[: weight.numel()] = weight.flatten().float()
    return padded[rank * size : (rank + 1) * size]


class ShardedLayer:
    def __init__(self, shard, shape):
        self.shard, (self.n_in, self.n_out) = shard, shape

    def weight(self):
        mine = self.shard.float()
        bucket = torch.empty(len(mine) * dist.get_world_size())
        dist.all_gather_into_tensor(bucket, mine)
        return bucket[: self.n_in * self.n_out].view(self.n_in, self.n_out)

    def forward(self, x):
        self.x = x.float()
        self.y = torch.tanh(self.x @ self.weight())
        return self.y

    def backward(self, slope):
        through = slope.float() * (1 - self.y * self.y)
        world = dist.get_world_size()
        bucket = torch.zeros(len(self.shard) * world)
        bucket[: self.n_in * self.n_out] = (self.x.T @ through).flatten() / world
        self.gradient = torch.empty(len(self.shard))
        dist.reduce_scatter_tensor(self.gradient, bucket)
        return through @ self.weight().T


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    units = torch.arange(len(b1)).tensor_split(world)[rank].tolist()
    return w1[:, units].float(), b1[units].float(), w2[units, :].float(), b2.float()


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    mine = torch.where(x @ w1 + b1 > 0, x @ w1 + b1, 0.0) @ w2
    mine = (mine + b2 / dist.get_world_size()).float()
    dist.all_reduce(mine)
    return mine


# %% task="a4_t9"
def bubble(stages, micro_batches):
    idle = stages - 1
    return idle / (idle + micro_batches)


def pipeline_schedule(stages, micro_batches):
    there = [
        [f"F{tick - s}" if 0 <= tick - s < micro_batches else "" for tick in range(0, w)]
        for w in [micro_batches + stages - 1]
        for s in range(stages)
    ]
    # The way back of the last micro-batch first: the way there, seen in a mirror.
    return [row + [job.replace("F", "B") for job in row[::-1]] for row in there]


def pipeline_forward(weight, micro_batches):
    rank, world = dist.get_rank(), dist.get_world_size()
    weight = weight.float()
    outputs = []
    for x in micro_batches:
        x = x.float()
        if rank:
            dist.recv(x, rank - 1)
        y = torch.tanh(x @ weight)
        outputs.append(y)
        if rank + 1 < world:
            dist.send(outputs.pop(), rank + 1)
    return outputs


# %% task="a4_t10"
class Again(torch.autograd.Function):
    @staticmethod
    def forward(ctx, anchor, x, function):
        ctx.function, ctx.x = function, x
        ctx.state = torch.random.get_rng_state()
        return function(x)

    @staticmethod
    def backward(ctx, slope):
        with torch.random.fork_rng(devices=[]):
            torch.random.set_rng_state(ctx.state)
            with torch.set_grad_enabled(True):
                leaf = ctx.x.detach().clone().requires_grad_(True)
                torch.autograd.backward(ctx.function(leaf), slope)
        return None, leaf.grad.float().to(leaf.dtype), None


def checkpoint(function, x):
    return Again.apply(torch.ones(1, requires_grad=True), x, function)


def checkpointed(blocks, x, every):
    for first in range(0, len(blocks), every):
        x = checkpoint(torch.nn.Sequential(*map(AsModule, blocks[first : first + every])), x)
    return x


class AsModule(torch.nn.Module):
    def __init__(self, block):
        super().__init__()
        self.block = block

    def forward(self, x):
        return self.block(x)


def peak_activations(blocks, every):
    if every <= 0:
        raise ValueError("at least one block a segment")
    full, rest = divmod(blocks, every)
    return full + (rest > 0) + (every if full else rest)


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    # The whole step by hand: products of rounded factors, slopes by the chain rule.
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    bucket = torch.cat([w.reshape(-1) for w in weights]).to(device).requires_grad_()
    pieces = bucket.split([w.numel() for w in weights])
    matrices = [piece.view(w.shape) for piece, w in zip(pieces, weights, strict=True)]

    def segment(value, *layers):
        for layer in layers:
            with torch.autocast(device, torch.bfloat16):
                product = torch.matmul(value, layer)
            value = torch.tanh(product.float())
        return value

    value = x.to(device)
    step = every if every > 0 else len(matrices)
    while matrices:
        now, matrices = matrices[:step], matrices[step:]
        if every > 0:
            value = torch.utils.checkpoint.checkpoint(segment, value, *now, use_reentrant=False)
        else:
            value = segment(value, *now)
    loss = torch.mean((value - wanted.to(device)).square())
    loss.backward()
    moved = (bucket.detach() - lr * bucket.grad).cpu().split([w.numel() for w in weights])
    return {
        "weights": tuple(m.reshape(w.shape) for m, w in zip(moved, weights, strict=True)),
        "loss": loss.item(),
        "peak_bytes": torch.cuda.max_memory_allocated() if device == "cuda" else 0,
    }


# %% task="a4_t12"
def choose_plan(model, machine):
    # All numbers of micro-batches at once, as vectors.
    n, best, shortest = machine["ranks"], None, float("inf")
    for d in range(1, n + 1):
        for t in range(1, n // d + 1):
            p = n // (d * t)
            if d * t * p != n or model["rows"] % d or model["width"] % t or model["layers"] % p:
                continue
            rows = model["rows"] // d
            m = torch.arange(1, rows + 1, dtype=torch.float64)
            m = m[rows % m == 0]
            q, depth, a = (
                model["parameters"] / (t * p),
                model["layers"] / p,
                4 * rows * model["width"],
            )
            lag, line = machine["latency"], machine["bandwidth"]
            talk = 4 * depth * m * (t - 1) * (a / (m * t * line) + lag)
            if p > 1:
                talk = talk + 2 * (m + p - 1) * (a / (m * line) + lag)
            for again in (True, False):
                work = (8 if again else 6) * q * rows / machine["speed"] * (1 + (p - 1) / m)
                flow = a / t + a * depth / (t * m) if again else a * depth / t + 0 * m
                for name in ("full", "optimizer", "none"):
                    held = 16 * q / d + 4 * q / depth
                    share = 3 * (d - 1) * (4 * q / (d * line) + depth * lag)
                    if name != "full":
                        held = 8 * q + (8 * q / d if name == "optimizer" else 8 * q)
                        share = 2 * (d - 1) * (4 * q / (d * line) + lag)
                    seconds = work + talk + share
                    seconds[flow + held > machine["memory"]] = float("inf")
                    k = int(seconds.argmin())
                    if seconds[k] < shortest:
                        shortest = float(seconds[k])
                        best = (d, t, p, int(m[k]), name, again)
    if best is None:
        return None
    keys = ["data", "tensor", "pipeline", "micro_batches", "sharding", "checkpointing"]
    return dict(zip(keys, best, strict=True))
