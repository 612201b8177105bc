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


# %% task="a4_t7"
def shard_of(weight, rank, world):
    rows, columns = weight.shape
    size = 0
    while size * world < rows * columns:
        size += 1
    shard = torch.zeros(size, dtype=weight.dtype)
    for place in range(size):
        number = rank * size + place
        if number < rows * columns:
            shard[place] = weight[number // columns, number % columns]
    return shard


class ShardedLayer:
    def __init__(self, shard, shape):
        self.shard = shard
        self.rows, self.columns = shape

    def fetched(self):
        pieces = []
        for _ in range(dist.get_world_size()):
            pieces.append(self.shard.clone())
        dist.all_gather(pieces, self.shard)
        weight = torch.zeros(self.rows, self.columns, dtype=self.shard.dtype)
        for i in range(self.rows):
            for j in range(self.columns):
                number = i * self.columns + j
                weight[i, j] = pieces[number // len(self.shard)][number % len(self.shard)]
        return weight

    def forward(self, x):
        self.inputs = x
        weight = self.fetched()
        self.outputs = torch.zeros(len(x), self.columns, dtype=x.dtype)
        for row in range(len(x)):
            self.outputs[row] = torch.tanh(weight.T @ x[row])
        return self.outputs

    def backward(self, slope):
        weight = self.fetched()
        of_weight, of_x = torch.zeros_like(weight), torch.zeros_like(self.inputs)
        for row in range(len(self.inputs)):
            inner = slope[row] * (1 - self.outputs[row] ** 2)
            of_weight += torch.outer(self.inputs[row], inner)
            of_x[row] = weight @ inner
        world = dist.get_world_size()
        pieces = []
        for rank in range(world):
            pieces.append(shard_of(of_weight, rank, world) / world)
        self.gradient = torch.zeros_like(self.shard)
        dist.reduce_scatter(self.gradient, pieces)
        return of_x


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


# %% task="a4_t10"
class Later(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, function, anchor):
        ctx.function = function
        ctx.before = torch.get_rng_state().clone()
        ctx.save_for_backward(x)
        return function(x)

    @staticmethod
    def backward(ctx, slope):
        (x,) = ctx.saved_tensors
        leaf = x.clone().detach()
        leaf.requires_grad = True
        then = torch.get_rng_state()
        torch.set_rng_state(ctx.before)
        torch.set_grad_enabled(True)
        out = ctx.function(leaf)
        (out * slope).sum().backward()
        torch.set_grad_enabled(False)
        torch.set_rng_state(then)
        return leaf.grad, None, None


def checkpoint(function, x):
    anchor = torch.zeros((), requires_grad=True)
    return Later.apply(x, function, anchor)


class Segment:
    def __init__(self):
        self.blocks = []

    def __call__(self, x):
        for block in self.blocks:
            x = block(x)
        return x


def checkpointed(blocks, x, every):
    segment = Segment()
    for number, block in enumerate(blocks):
        segment.blocks.append(block)
        if len(segment.blocks) == every or number == len(blocks) - 1:
            x = checkpoint(segment, x)
            segment = Segment()
    return x


def peak_activations(blocks, every):
    if every < 1:
        raise ValueError("every")
    segments, longest, left = 0, 0, blocks
    while left > 0:
        longest = max(longest, min(left, every))
        left -= every
        segments += 1
    return segments + longest


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    # Backward by hand, layer by layer; checkpoints keep the inputs of segments.
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    masters = []
    for weight in weights:
        masters.append(weight.to(device).clone())
    length = every if every > 0 else len(masters)

    def product(a, b):
        with torch.autocast(device, dtype=torch.bfloat16):
            return a @ b

    with torch.no_grad():
        kept, value = {}, x.to(device)
        for number, master in enumerate(masters):
            if every == 0 or number % length == 0:
                kept[number] = value
            value = torch.tanh(product(value, master))
        difference = value.float() - wanted.to(device)
        loss = (difference**2).mean()
        slope = 2 * difference / difference.numel()
        start = (len(masters) - 1) // length * length
        while start >= 0:
            stop = min(start + length, len(masters))
            inputs, value = [], kept[start]
            for number in range(start, stop):
                inputs.append(value)
                value = torch.tanh(product(value, masters[number]))
            for number in reversed(range(start, stop)):
                inner = slope * (1 - value.float() ** 2)
                value = inputs[number - start]
                of_weight = product(value.float().T, inner).float()
                slope = product(inner, masters[number].T).float()
                masters[number] = masters[number] - lr * of_weight
            start -= length
    new = []
    for master in masters:
        new.append(master.cpu())
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    return {"weights": new, "loss": float(loss), "peak_bytes": peak}


# %% task="a4_t12"
def choose_plan(model, machine):
    # Few numbers first: with the block fixed, the smallest time for each kind of memory.
    best, shortest = None, None
    n = machine["ranks"]
    for d in range(1, n + 1):
        for t in range(1, n + 1):
            for p in range(1, n + 1):
                if d * t * p != n:
                    continue
                if model["rows"] % d != 0 or model["width"] % t != 0 or model["layers"] % p != 0:
                    continue
                rows = model["rows"] // d
                for m in range(1, rows + 1):
                    if rows % m != 0:
                        continue
                    for again in (False, True):
                        for sharding in ("none", "optimizer", "full"):
                            memory = bytes_held(model, d, t, p, m, again, sharding)
                            if memory > machine["memory"]:
                                continue
                            time = seconds(model, machine, d, t, p, m, again, sharding)
                            if shortest is None or time < shortest:
                                shortest = time
                                best = {"data": d, "tensor": t, "pipeline": p}
                                best["micro_batches"] = m
                                best["checkpointing"] = again
                                best["sharding"] = sharding
    return best


def bytes_held(model, d, t, p, m, again, sharding):
    piece = model["parameters"] / t / p
    layers = model["layers"] / p
    total = 0.0
    for numbers, cut in ((1, "full"), (1, "full"), (2, "optimizer full")):
        total += 4 * piece * numbers / (d if sharding in cut.split() else 1)
    if sharding == "full":
        total += 4 * piece / layers
    one = 4 * model["rows"] / d * model["width"] / t
    if again:
        return total + one + one * layers / m
    return total + one * layers


def seconds(model, machine, d, t, p, m, again, sharding):
    piece, layers = model["parameters"] / t / p, model["layers"] / p
    rows = model["rows"] / d
    work = (6 + 2 * again) * piece * rows / machine["speed"]
    total = work + work * (p - 1) / m
    each = 4 * piece / d / machine["bandwidth"]
    if sharding == "full":
        total += 3 * (d - 1) * (each + layers * machine["latency"])
    else:
        total += 2 * (d - 1) * (each + machine["latency"])
    one = 4 * rows * model["width"] / m / machine["bandwidth"]
    total += 4 * layers * m * (t - 1) * (one / t + machine["latency"])
    if p > 1:
        total += 2 * (m + p - 1) * (one + machine["latency"])
    return total
