# /// variant
# misconception = "linear-mean-for-sum"
# fails = [
#     "test_gradient_is_the_sum_over_the_rows",
#     "test_large_numbers_give_no_nan",
# ]
# hints = ["mean-for-sum"]
# ///
# The gradient of a chunk is a mean.


# %% task="a5_t5"
def chunk_gradient(kind, path, start, stop, w):
    """Return the sum of the gradients of some rows of the table in a file."""
    rows = np.array(np.load(path, mmap_mode="r")[start:stop])
    x, y = rows[:, :-1], rows[:, -1]
    z = x @ w
    if kind == "linear":
        derivative = z - y
    elif kind == "logistic":
        small = np.exp(-np.abs(y * z))
        derivative = -y * np.where(y * z > 0, small, 1.0) / (1.0 + small)
    elif kind == "hinge":
        derivative = np.where(y * z < 1, -y, 0.0)
    else:
        raise ValueError(f"no model is called {kind!r}")
    return derivative @ x / len(x)


def _announced_gradient(job):
    """Say which rows come now, then compute."""
    kind, path, start, stop, w, began = job
    began(start, stop)
    return chunk_gradient(kind, path, start, stop, w) * (stop - start)


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    """Return the weights after some steps of gradient descent, rows spread over processes."""
    n, columns = np.load(path, mmap_mode="r").shape
    w = np.zeros(columns - 1)
    pool = fork.Pool(workers)
    try:
        for _ in range(steps):
            jobs = [
                (kind, path, start, min(start + chunk_rows, n), w, began)
                for start in range(0, n, chunk_rows)
            ]
            w = w - rate / n * sum(pool.imap(_announced_gradient, jobs))
    finally:
        pool.terminate()
        pool.join()
    return w
