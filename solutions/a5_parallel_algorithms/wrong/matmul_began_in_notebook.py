# /// variant
# misconception = "matmul-began-in-notebook"
# fails = [
#     "test_each_chunk_has_a_process_of_its_own",
#     "test_nothing_is_left_after_success",
# ]
# hints = ["in-notebook"]
# ///
# The notebook says who begins, before it starts the process.


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
        c[start:stop] = a[start:stop] @ b

    crew = []
    for rows in np.array_split(range(len(a)), min(workers, len(a))):
        job = (int(rows[0]), int(rows[-1]) + 1)
        began(*job)
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
