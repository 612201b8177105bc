# No pool anywhere: processes of its own, which take what they find in queues; a file mapped into
# memory as the shared C; the bootstraps drawn in the notebook by one generator.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nothing to cut")
    pairs, start, workers = [], 0, min(n, workers)
    while workers:
        size = -(-(n - start) // workers)
        pairs.append((start, start + size))
        start, workers = start + size, workers - 1
    return pairs


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    n, m = len(a), b.shape[1]
    if n * m == 0:
        return np.zeros((n, m))
    import mmap

    with mmap.mmap(-1, 8 * n * m) as memory:
        c = np.ndarray((n, m), buffer=memory)

        def compute(start, stop):
            began(start, stop)
            for i in range(start, stop):
                c[i] = (a[i][:, None] * b).sum(axis=0)

        crew = []
        for rows in np.array_split(range(n), min(workers, n)):
            crew.append(fork.Process(target=compute, args=(int(rows[0]), int(rows[-1]) + 1)))
            crew[-1].start()
        for process in crew:
            process.join()
        result = c.copy()
        del c, compute
    if any(process.exitcode for process in crew):
        raise RuntimeError("a process failed")
    return result


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    halves = [(slice(0, s // 2), slice(s // 2, s)) for s in (*a.shape, b.shape[1])]
    places = [(i, l, j) for l in halves[1] for j in halves[2] for i in halves[0]]
    c = np.zeros((a.shape[0], b.shape[1]))
    for (i, _, j), product in zip(
        places, fork_join([(a[i, l], b[l, j]) for i, l, j in places]), strict=True
    ):
        c[i, j] += product
    return c


def tiled_order(n, k, m, tile):
    steps = []
    for l0 in range(0, k, tile):
        for i0 in range(0, n, tile):
            for j0 in range(0, m, tile):
                for j in range(j0, min(m, j0 + tile)):
                    for i in range(i0, min(n, i0 + tile)):
                        steps.extend([i, l, j] for l in range(l0, min(k, l0 + tile)))
    return np.array(steps, dtype=np.int32)


# %% task="a5_t4"
class _Result:
    def __init__(self, crew, number):
        self.crew, self.number = crew, number

    def get(self):
        return self.crew._wait_for(self.number)


class Crew:
    def __init__(self, workers):
        self.tasks, self.results = fork.SimpleQueue(), fork.SimpleQueue()
        self.come, self.count = {}, 0
        self.crew = [fork.Process(target=self._work) for _ in range(workers)]
        for process in self.crew:
            process.start()

    def _work(self):
        while (task := self.tasks.get()) is not None:
            number, function, item = task
            try:
                self.results.put((number, True, function(item)))
            except Exception as problem:
                self.results.put((number, False, problem))

    def _wait_for(self, number):
        while number not in self.come:
            self._take_one()
        good, value = self.come.pop(number)
        if not good:
            raise value
        return value

    def _take_one(self):
        number, good, value = self.results.get()
        self.come[number] = good, value
        return number

    def start(self, function, item):
        self.count += 1
        self.tasks.put((self.count, function, item))
        return _Result(self, self.count)

    def map(self, function, items):
        waiting = [self.start(function, item) for item in items]
        return [one.get() for one in waiting]

    def as_done(self, function, items):
        places = {self.start(function, item).number: p for p, item in enumerate(items)}
        pairs = []
        while len(pairs) < len(places):
            number = self._take_one()
            if number in places:
                pairs.append((places[number], self._wait_for(number)))
        return pairs

    def close(self):
        for _ in self.crew:
            self.tasks.put(None)
        for process in self.crew:
            process.join()


SCRIPT = """\
import multiprocessing
import sys


def work(numbers, results):
    for place, number in numbers:
        results.put((place, number * number))


def main():
    spawn = multiprocessing.get_context("spawn")
    numbers = list(enumerate(map(int, sys.argv[1:])))
    results = spawn.SimpleQueue()
    crew = [spawn.Process(target=work, args=(numbers[w::2], results)) for w in (0, 1)]
    for process in crew:
        process.start()
    found = sorted(results.get() for _ in numbers)
    for process in crew:
        process.join()
    print([square for _, square in found])


if __name__ == "__main__":
    main()
"""


# %% task="a5_t5"
def chunk_gradient(kind, path, start, stop, w):
    table = np.lib.format.open_memmap(path, mode="r")[start:stop]
    x, y = table[:, :-1], table[:, -1]
    z = (x * w).sum(axis=1)
    slopes = {
        "linear": lambda: z - y,
        "logistic": lambda: -y * np.exp(-np.logaddexp(0.0, y * z)),
        "hinge": lambda: -y * (y * z < 1),
    }
    if kind not in slopes:
        raise ValueError(kind)
    return (slopes[kind]()[:, None] * x).sum(axis=0)


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    n, columns = np.load(path, mmap_mode="r").shape
    tasks, results = fork.SimpleQueue(), fork.SimpleQueue()

    def work():
        while (task := tasks.get()) is not None:
            start, stop, w = task
            began(start, stop)
            results.put(chunk_gradient(kind, path, start, stop, w))

    crew = [fork.Process(target=work) for _ in range(workers)]
    for process in crew:
        process.start()
    w = np.zeros(columns - 1)
    for _ in range(steps):
        starts = range(0, n, chunk_rows)
        for start in starts:
            tasks.put((start, min(n, start + chunk_rows), w))
        w = w - rate * sum(results.get() for _ in starts) / n
    for _ in crew:
        tasks.put(None)
    for process in crew:
        process.join()
    return w


# %% task="a5_t6"
def split_column(x, y):
    pairs = sorted(zip(x.tolist(), (y - np.mean(y)).tolist(), strict=True))
    total, squares, n = sum(p[1] for p in pairs), sum(p[1] ** 2 for p in pairs), len(pairs)
    best, left = None, 0.0
    for count in range(1, n):
        left += pairs[count - 1][1]
        below, above = pairs[count - 1][0], pairs[count][0]
        if below == above:
            continue
        loss = squares - left**2 / count - (total - left) ** 2 / (n - count)
        if best is None or loss < best[0]:
            best = (loss, (below + above) / 2)
    return best


def best_split(table, y, workers, began):
    columns = table.shape[1]
    counter, results = fork.Value("i", 0), fork.SimpleQueue()

    def work():
        while True:
            with counter.get_lock():
                column = counter.value
                counter.value += 1
            if column >= columns:
                return
            began(column)
            results.put((column, split_column(table[:, column], y)))

    crew = [fork.Process(target=work) for _ in range(workers)]
    for process in crew:
        process.start()
    found = [results.get() for _ in range(columns)]
    for process in crew:
        process.join()
    found = [(split[0], column, split[1]) for column, split in found if split is not None]
    return min(found)[1:] if found else None


# %% task="a5_t7"
def grow_forest(fit_tree, rows, trees, seed, workers):
    generator = np.random.default_rng([seed, rows])
    bootstraps = [generator.integers(0, rows, rows) for _ in range(trees)]
    counter, results = fork.Value("i", 0), fork.SimpleQueue()

    def work():
        while True:
            with counter.get_lock():
                tree = counter.value
                counter.value += 1
            if tree >= trees:
                return
            results.put((tree, fit_tree(bootstraps[tree])))

    crew = [fork.Process(target=work) for _ in range(workers)]
    for process in crew:
        process.start()
    forest = dict(results.get() for _ in range(trees))
    for process in crew:
        process.join()
    return [forest[tree] for tree in range(trees)]
