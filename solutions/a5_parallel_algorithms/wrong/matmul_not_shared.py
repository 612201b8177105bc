# /// variant
# misconception = "matmul-not-shared"
# fails = [
#     "test_product_is_right_for_any_sizes",
#     "test_numbers_do_not_go_through_pipes",
# ]
# hints = ["not-written"]
# ///
# Each process writes into its own copy of C.


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    """Return a @ b, each chunk of rows computed in a process of its own, through shared memory."""
    n, m = a.shape[0], b.shape[1]
    if 0 in (n, m):
        return np.zeros((n, m))
    segment = shared_memory.SharedMemory(create=True, size=8 * n * m)
    try:
        return _fill(segment, a, b, workers, began)
    finally:
        segment.close()
        segment.unlink()


def _fill(segment, a, b, workers, began):
    """Compute the product in a segment; return a copy of it."""
    c = np.zeros((len(a), b.shape[1]))

    def compute(start, stop):
        began(start, stop)
        c[start:stop] = a[start:stop] @ b

    crew = []
    for rows in np.array_split(range(len(a)), min(workers, len(a))):
        job = (int(rows[0]), int(rows[-1]) + 1)
        crew.append(fork.Process(target=compute, args=job))
    for process in crew:
        process.start()
    for process in crew:
        process.join()
    result = c.copy()
    del c
    if any(process.exitcode != 0 for process in crew):
        raise RuntimeError("a process failed, so the product is not complete")
    return result
