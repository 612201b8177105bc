# Torch does the arithmetic, single precision where that is enough; C lies in a file that is
# mapped; workers take what is theirs by number (every p-th), without a queue of tasks.


# %% task="a5_t1"
def chunks(n, workers):
    if min(n, workers - 1) < 0:
        raise ValueError("nonsense")
    larger = n % workers

    def start(worker):
        return np.int64(worker * (n // workers) + min(worker, larger))

    return [(start(worker), start(worker + 1)) for worker in range(min(n, workers))]


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    import torch

    n, m = a.shape[0], b.shape[1]
    if n == 0 or m == 0:
        return np.zeros((n, m))
    handle, path = tempfile.mkstemp()
    os.close(handle)
    try:
        c = np.memmap(path, dtype=np.float64, mode="w+", shape=(n, m))

        def compute(rows):
            began(int(rows[0]), int(rows[-1]) + 1)
            c[rows] = (torch.from_numpy(a[rows]) @ torch.from_numpy(b)).numpy()

        crew = [
            fork.Process(target=compute, args=[rows])
            for rows in np.array_split(range(n), min(n, workers))
        ]
        [process.start() for process in crew]
        [process.join() for process in crew]
        if max(process.exitcode != 0 for process in crew):
            raise RuntimeError("one of the processes did not get through")
        return np.array(c)
    finally:
        os.unlink(path)


# %% task="a5_t5"
def chunk_gradient(kind, path, start, stop, w):
    import torch

    rows = torch.from_numpy(np.array(np.load(path, mmap_mode="r")[start:stop]))
    x, y = rows[:, :-1], rows[:, -1]
    z = x @ torch.from_numpy(w)
    if kind == "linear":
        slope = z - y
    elif kind == "logistic":
        slope = -y * torch.sigmoid(-y * z)
    elif kind == "hinge":
        slope = torch.where(y * z < 1, -y, torch.zeros_like(y))
    else:
        raise ValueError(f"{kind} is no kind")
    return (slope @ x).numpy()


def _serve(kind, path, chunk_rows, n, worker, workers, began, pipe):
    while (w := pipe.recv()) is not None:
        total = np.zeros(len(w))
        for start in range(worker * chunk_rows, n, workers * chunk_rows):
            stop = min(n, start + chunk_rows)
            began(start, stop)
            total += chunk_gradient(kind, path, start, stop, w)
        pipe.send(total)


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    n, columns = np.load(path, mmap_mode="r").shape
    pipes, crew = [], []
    for worker in range(workers):
        ours, theirs = fork.Pipe()
        job = (kind, path, chunk_rows, n, worker, workers, began, theirs)
        crew.append(fork.Process(target=_serve, args=job))
        crew[-1].start()
        pipes.append(ours)
    w = np.zeros(columns - 1)
    for _ in range(steps):
        for pipe in pipes:
            pipe.send(w)
        w = w - rate / n * np.sum([pipe.recv() for pipe in pipes], axis=0)
    for pipe in pipes:
        pipe.send(None)
    for process in crew:
        process.join()
    return w


# %% task="a5_t6"
def split_column(x, y):
    import torch

    order = np.argsort(x)
    xs = x[order]
    ys = torch.from_numpy(y[order] - np.median(y))
    best = None
    for cut in range(1, len(xs)):
        if xs[cut - 1] < xs[cut]:
            sides = ys[:cut], ys[cut:]
            loss = sum(float(((side - side.mean()) ** 2).sum()) for side in sides)
            if best is None or loss < best[0]:
                best = loss, float(xs[cut - 1] + (xs[cut] - xs[cut - 1]) / 2)
    return best


def best_split(table, y, workers, began):
    found = np.full((table.shape[1], 2), np.inf)
    memory = np.frombuffer(multiprocessing.RawArray("d", found.size)).reshape(found.shape)
    memory[:] = found

    def work(worker):
        for column in range(worker, table.shape[1], workers):
            began(column)
            split = split_column(table[:, column], y)
            if split is not None:
                memory[column] = split

    crew = [fork.Process(target=work, args=(worker,)) for worker in range(workers)]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    best = int(np.argmin(memory[:, 0]))
    return (best, float(memory[best, 1])) if np.isfinite(memory[best, 0]) else None


# %% task="a5_t7"
def _grow_some(fit_tree, rows, trees, seed, worker, workers, pipe):
    import torch

    results = []
    for tree in range(worker, trees, workers):
        generator = torch.Generator().manual_seed(1_000_003 * seed + tree)
        results.append(fit_tree(torch.randint(rows, (rows,), generator=generator).numpy()))
    pipe.send(results)


def grow_forest(fit_tree, rows, trees, seed, workers):
    forest, crew, pipes = [None] * trees, [], []
    for worker in range(workers):
        ours, theirs = fork.Pipe(duplex=False)
        job = (fit_tree, rows, trees, seed, worker, workers, theirs)
        crew.append(fork.Process(target=_grow_some, args=job))
        crew[-1].start()
        pipes.append(ours)
    for worker, pipe in enumerate(pipes):
        forest[worker::workers] = pipe.recv()
    for process in crew:
        process.join()
    return forest


# %% task="a5_t9"
def deposit(account, lock, amount):
    from contextlib import ExitStack

    with ExitStack() as stack:
        lock.acquire()
        stack.callback(lock.release)
        account.write(amount + account.read())


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    """Try pieces of C and blocks of B of several sizes; keep what misses least."""
    return min(_candidates(n, k, m, lines, line), key=lambda o: _misses(o, n, k, m, lines, line))


def _misses(order, n, k, m, lines, line):
    cache = course.Cache(lines, line)
    ends = np.cumsum([-(-size // line) * line for size in (n * k, k * m)])
    for i, l, j in order.tolist():
        cache.touch(i * k + l)
        cache.touch(ends[0] + l * m + j)
        cache.touch(ends[1] + i * m + j)
    return cache.misses


def _candidates(n, k, m, lines, line):
    for width in {2 * line, m}:
        for rows in range(1, 6):
            steps = []
            for turn, (j0, i0) in enumerate(
                (j0, i0) for j0 in range(0, m, width) for i0 in range(0, n, rows)
            ):
                for l in range(k)[:: 1 if turn % 2 else -1]:
                    for i in range(i0, min(n, i0 + rows)):
                        steps += [(i, l, j) for j in range(j0, min(m, j0 + width))]
            yield np.array(steps)
