# Loops and lists: chunks by slices, cards dealt one by one, one parameter at a time, and a pipeline
# that goes back as soon as it can (one forward, one backward).


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    if world < 1:
        raise ValueError("there must be a rank")
    shard = parameters // world
    if parameters % world > 0:
        shard += 1
    if strategy == "data parallel":
        numbers = (parameters, parameters, 2 * parameters)
    elif strategy == "sharded optimizer":
        numbers = (parameters, parameters, 2 * shard)
    elif strategy == "fully sharded":
        numbers = (shard, shard, 2 * shard)
    else:
        raise ValueError(strategy)
    return dict(zip(("weights", "gradients", "optimizer"), [4 * n for n in numbers], strict=True))


def activation_bytes(batch, sizes):
    total = 0
    for layer in range(len(sizes) - 1):
        total += batch * sizes[layer] * 4
    return total


# %% task="a4_t2"
def ring_all_reduce(x):
    n, me = dist.get_world_size(), dist.get_rank()
    flat = x.view(-1)
    edges = [len(flat) * k // n for k in range(n + 1)]

    def exchange(out, into):
        a = flat[edges[out] : edges[out + 1]].clone()
        b = torch.zeros(edges[into + 1] - edges[into], dtype=x.dtype)
        if me % 2 == 0 and not (n % 2 == 1 and me == n - 1):
            dist.send(a, (me + 1) % n)
            dist.recv(b, (me - 1) % n)
        elif n % 2 == 1 and me == n - 1:
            other = dist.irecv(b, (me - 1) % n)
            dist.send(a, (me + 1) % n)
            other.wait()
        else:
            dist.recv(b, (me - 1) % n)
            dist.send(a, (me + 1) % n)
        return b

    for k in range(n - 1):
        into = (me - k - 1) % n
        got = exchange((me - k) % n, into)
        flat[edges[into] : edges[into + 1]] += got
    for k in range(n - 1):
        into = (me - k) % n
        got = exchange((me + 1 - k) % n, into)
        flat[edges[into] : edges[into + 1]] = got


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    import random

    cards = list(range(samples))
    random.Random(f"{seed} and {epoch}").shuffle(cards)
    hands = [[] for _ in range(world)]
    dealt = 0
    while cards and (dealt < samples or dealt % world != 0):
        hands[dealt % world].append(cards[dealt % samples])
        dealt += 1
    return hands[rank]


# %% task="a4_t4"
def same_start(parameters):
    for parameter in parameters:
        for other in range(1, dist.get_world_size()):
            if dist.get_rank() == 0:
                dist.send(parameter.detach(), other)
            elif dist.get_rank() == other:
                dist.recv(parameter.detach(), 0)


def average_gradients(parameters, samples):
    done = []
    for parameter in parameters:
        if not parameter.requires_grad or any(parameter is other for other in done):
            continue
        done.append(parameter)
        gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
        every = [torch.empty_like(gradient) for _ in range(dist.get_world_size())]
        dist.all_gather(every, gradient * samples)
        if len(done) == 1:
            counts = [None] * dist.get_world_size()
            dist.all_gather_object(counts, samples)
        parameter.grad = sum(every) / sum(counts)


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    totals = [torch.zeros_like(parameter) for parameter in parameters]
    for batch in micro_batches:
        slopes = torch.autograd.grad(loss(parameters, batch), parameters)
        for total, slope in zip(totals, slopes, strict=True):
            total += slope
    for parameter, total in zip(parameters, totals, strict=True):
        dist.all_reduce(total)
        parameter.grad = total / len(micro_batches) / dist.get_world_size()


# %% task="a4_t6"
class ShardedAdam:
    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.p = [q.detach() for q in parameters]
        self.owners = list(parameters)
        self.settings = lr, beta1, beta2, eps
        self.n, self.r = dist.get_world_size(), dist.get_rank()
        self.total = sum(q.numel() for q in self.p)
        self.size = (self.total + self.n - 1) // self.n
        self.m = self.p[0].new_zeros(self.size)
        self.v = self.p[0].new_zeros(self.size)
        self.t = 0

    def flat(self, tensors):
        whole = self.p[0].new_zeros(self.size * self.n)
        place = 0
        for tensor in tensors:
            whole[place : place + tensor.numel()] = tensor.flatten()
            place += tensor.numel()
        return whole

    def step(self):
        lr, beta1, beta2, eps = self.settings
        gradient = self.flat([q.grad / self.n for q in self.owners])
        g = torch.zeros_like(self.m)
        pieces = [gradient[k * self.size : (k + 1) * self.size].clone() for k in range(self.n)]
        dist.reduce_scatter(g, pieces)
        self.t += 1
        self.m.mul_(beta1).add_(g, alpha=1 - beta1)
        self.v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
        weights = self.flat(self.p)
        mine = weights[self.r * self.size : (self.r + 1) * self.size].clone()
        rate = lr / (1 - beta1**self.t)
        mine -= rate * self.m / ((self.v / (1 - beta2**self.t)).sqrt() + eps)
        for owner in range(self.n):
            piece = mine.clone() if owner == self.r else torch.empty_like(mine)
            dist.broadcast(piece, src=owner)
            weights[owner * self.size : (owner + 1) * self.size] = piece
        place = 0
        for q in self.p:
            q.copy_(weights[place : place + q.numel()].view_as(q))
            place += q.numel()


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    each, rest = divmod(len(b1), world)
    start = rank * each + min(rank, rest)
    stop = start + each + (1 if rank < rest else 0)
    return [w1[:, start:stop].clone(), b1[start:stop].clone(), w2[start:stop].clone(), b2]


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    hidden = (x @ w1 + b1).clamp(min=0)
    y = hidden @ w2
    if dist.get_rank() == 0:
        y = y + b2
    dist.all_reduce(y)
    return y


# %% task="a4_t9"
def bubble(stages, micro_batches):
    return 1 - micro_batches / (micro_batches + stages - 1)


def pipeline_schedule(stages, micro_batches):
    rows = [[] for _ in range(stages)]
    ahead = [0] * stages
    back = [0] * stages
    while min(back) < micro_batches:
        tick = len(rows[0])
        forward_done = [{job for job in row[:tick] if job.startswith("F")} for row in rows]
        back_done = [{job for job in row[:tick] if job.startswith("B")} for row in rows]
        for s in range(stages):
            f, b = ahead[s], back[s]
            may_go_back = b < f and (s == stages - 1 or f"B{b}" in back_done[s + 1])
            may_go_on = f < micro_batches and (s == 0 or f"F{f}" in forward_done[s - 1])
            if may_go_back:
                rows[s].append(f"B{b}")
                back[s] += 1
            elif may_go_on and f - b < stages - s:
                rows[s].append(f"F{f}")
                ahead[s] += 1
            else:
                rows[s].append("")
    return rows


def pipeline_forward(weight, micro_batches):
    n, me = dist.get_world_size(), dist.get_rank()
    done, under_way = [], []
    for blank in micro_batches:
        x = blank.clone()
        if me != 0:
            dist.irecv(x, me - 1).wait()
        y = (x @ weight).tanh()
        if me == n - 1:
            done += [y]
        else:
            under_way.append(dist.isend(y, me + 1))
    for sending in under_way:
        sending.wait()
    return done
