# /// variant
# misconception = "matmul-rest-lost"
# fails = [
#     "test_product_is_right_for_any_sizes",
#     "test_each_chunk_has_a_process_of_its_own",
# ]
# hints = ["rest-lost"]
# ///
# Rows that do not come out even are computed by nobody.


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
    c = np.ndarray((len(a), b.shape[1]), dtype=np.float64, buffer=segment.buf)

    def compute(start, stop):
        began(start, stop)
        c[start:stop] = a[start:stop] @ b

    crew = []
    count = min(workers, len(a))
    size = len(a) // count
    c[:] = 0.0
    for chunk in range(count):
        job = (chunk * size, (chunk + 1) * size)
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
