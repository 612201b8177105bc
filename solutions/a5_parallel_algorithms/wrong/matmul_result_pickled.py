# /// variant
# misconception = "matmul-result-pickled"
# fails = [
#     "test_numbers_do_not_go_through_pipes",
# ]
# hints = ["result-pickled"]
# ///
# The processes know A and B, and send their rows back through pipes.


# %% task="a5_t2"
def _rows_of_product(job):
    start, stop, began = job
    began(start, stop)
    return _matrices[0][start:stop] @ _matrices[1]


def shared_matmul(a, b, workers, began):
    if len(a) == 0:
        return np.zeros((0, b.shape[1]))
    jobs = []
    for rows in np.array_split(range(len(a)), min(workers, len(a))):
        start, stop = int(rows[0]), int(rows[-1]) + 1
        jobs.append((start, stop, began))
    _matrices[:] = [a, b]
    with fork.Pool(len(jobs)) as pool:
        return np.concatenate(pool.map(_rows_of_product, jobs, chunksize=1))


_matrices = []
