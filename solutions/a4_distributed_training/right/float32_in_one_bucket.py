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
