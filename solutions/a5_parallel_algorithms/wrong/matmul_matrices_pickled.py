# /// variant
# misconception = "matmul-matrices-pickled"
# fails = [
#     "test_numbers_do_not_go_through_pipes",
# ]
# hints = ["matrices-pickled"]
# ///
# Rows, the whole of B and the result travel through pipes.


# %% task="a5_t2"
def _rows_of_product(job):
    a, b, start, stop, began = job
    began(start, stop)
    return a @ b


def shared_matmul(a, b, workers, began):
    if len(a) == 0:
        return np.zeros((0, b.shape[1]))
    jobs = []
    for rows in np.array_split(range(len(a)), min(workers, len(a))):
        start, stop = int(rows[0]), int(rows[-1]) + 1
        jobs.append((a[start:stop], b, start, stop, began))
    with fork.Pool(len(jobs)) as pool:
        return np.concatenate(pool.map(_rows_of_product, jobs, chunksize=1))
