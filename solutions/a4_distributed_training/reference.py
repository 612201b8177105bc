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
    rank, world = dist.get_rank(), dist.get_world_size()
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
