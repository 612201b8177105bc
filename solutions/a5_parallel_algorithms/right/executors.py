# Executors of concurrent.futures in place of pools, an array in anonymous shared memory that
# needs no unlink, chunks from NumPy, splits found by prefix means, tiles from NumPy's indices.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("n from 0 on, workers from 1 on")
    pieces = np.array_split(np.arange(n), workers)
    return [(int(piece[0]), int(piece[-1]) + 1) for piece in pieces if len(piece)]


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    n, m = len(a), b.shape[1]
    c = np.frombuffer(multiprocessing.RawArray("d", max(1, n * m)), dtype=np.float64)[: n * m]
    c = c.reshape(n, m)

    def compute(rows):
        began(int(rows[0]), int(rows[-1]) + 1)
        c[rows] = np.einsum("ij,jk->ik", a[rows], b)

    crew = [
        fork.Process(target=compute, args=(rows,), daemon=True)
        for rows in np.array_split(range(n), min(workers, n) or 1)
        if len(rows)
    ]
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    if sum(process.exitcode != 0 for process in crew):
        raise RuntimeError("a worker failed")
    return np.array(c)


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    i, l, j = a.shape[0] // 2, a.shape[1] // 2, b.shape[1] // 2
    rows = np.split(a, [i], axis=0)
    columns = np.split(b, [j], axis=1)
    pairs = []
    for half in (0, 1):
        for row in rows:
            for column in columns:
                left, right = np.split(row, [l], axis=1), np.split(column, [l], axis=0)
                pairs.append((left[half], right[half]))
    products = fork_join(pairs)
    blocks = [first + second for first, second in zip(products[:4], products[4:], strict=True)]
    return np.vstack([np.hstack(blocks[:2]), np.hstack(blocks[2:])])


def tiled_order(n, k, m, tile):
    steps = np.stack(np.meshgrid(range(n), range(k), range(m), indexing="ij"), axis=-1)
    steps = steps.reshape(-1, 3)
    i, l, j = (steps // tile).T
    return steps[np.lexsort((i, j, l))]


# %% task="a5_t4"
class Crew:
    def __init__(self, workers):
        from concurrent.futures import ProcessPoolExecutor

        self.executor = ProcessPoolExecutor(workers, mp_context=fork)

    def map(self, function, items):
        return list(self.executor.map(function, items))

    def as_done(self, function, items):
        from concurrent.futures import as_completed

        places = {self.executor.submit(function, item): p for p, item in enumerate(items)}
        return [(places[future], future.result()) for future in as_completed(places)]

    def start(self, function, item):
        future = self.executor.submit(function, item)
        future.get = future.result
        return future

    def close(self):
        self.executor.shutdown(wait=True)


SCRIPT = """\
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def square(number):
    return number ** 2


def main():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        print(list(executor.map(square, map(int, sys.argv[1:]))))


if __name__ == "__main__":
    main()
"""


# %% task="a5_t5"
def chunk_gradient(kind, path, start, stop, w):
    total = np.zeros(len(w))
    for row in np.load(path, mmap_mode="r")[start:stop]:
        x, y = row[:-1], row[-1]
        z = float(x @ w)
        if kind == "linear":
            derivative = z - y
        elif kind == "logistic":
            derivative = -y * (1.0 - np.tanh(y * z / 2)) / 2
        elif kind == "hinge":
            derivative = -y if y * z < 1 else 0.0
        else:
            raise ValueError(kind)
        total += derivative * x
    return total


class _Chunk:
    def __init__(self, kind, path, w, chunk_rows, n, began):
        self.known = kind, path, w, chunk_rows, n, began

    def __call__(self, start):
        kind, path, w, chunk_rows, n, began = self.known
        stop = min(start + chunk_rows, n)
        began(start, stop)
        return chunk_gradient(kind, path, start, stop, w)


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    from concurrent.futures import ProcessPoolExecutor

    n, columns = np.load(path, mmap_mode="r").shape
    w = np.zeros(columns - 1)
    with ProcessPoolExecutor(workers, mp_context=fork) as executor:
        for _ in range(steps):
            chunk = _Chunk(kind, path, w, chunk_rows, n, began)
            gradients = list(executor.map(chunk, range(0, n, chunk_rows)))
            w = w - rate * np.sum(gradients, axis=0) / n
    return w


# %% task="a5_t6"
def split_column(x, y):
    values = np.unique(x)
    best = None
    for threshold in (values[:-1] + values[1:]) / 2:
        sides = y[x <= threshold], y[x > threshold]
        loss = sum(float(np.var(side) * len(side)) for side in sides)
        if best is None or loss < best[0]:
            best = loss, float(threshold)
    return best


class _Column:
    def __init__(self, table, y, began):
        self.known = table, y, began

    def __call__(self, column):
        table, y, began = self.known
        began(column)
        return split_column(table[:, column], y)


def best_split(table, y, workers, began):
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, mp_context=fork) as executor:
        found = list(executor.map(_Column(table, y, began), range(table.shape[1])))
    best = None
    for column, split in enumerate(found):
        if split is not None and (best is None or split[0] < best[0]):
            best = split[0], column, split[1]
    return None if best is None else (best[1], best[2])


# %% task="a5_t7"
class _Grower:
    def __init__(self, fit_tree, rows, seed):
        self.known = fit_tree, rows, seed

    def __call__(self, tree):
        fit_tree, rows, seed = self.known
        generator = np.random.Generator(np.random.Philox(key=[seed, tree]))
        return fit_tree(generator.choice(rows, rows, replace=True))


def grow_forest(fit_tree, rows, trees, seed, workers):
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers, mp_context=fork) as executor:
        return list(executor.map(_Grower(fit_tree, rows, seed), range(trees)))


# %% task="a5_t9"
def deposit(account, lock, amount):
    lock.acquire()
    try:
        balance = account.read()
        account.write(balance + amount)
    finally:
        lock.release()
