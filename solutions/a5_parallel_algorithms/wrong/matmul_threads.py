# /// variant
# misconception = "matmul-threads"
# fails = [
#     "test_each_chunk_has_a_process_of_its_own",
#     "test_nothing_is_left_after_success",
# ]
# hints = ["in-notebook"]
# ///
# Threads work, all of them in the notebook's process.


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    from multiprocessing.pool import ThreadPool

    c = np.zeros((a.shape[0], b.shape[1]))

    def compute(rows):
        began(int(rows[0]), int(rows[-1]) + 1)
        c[rows] = a[rows] @ b

    count = min(workers, len(a))
    if count:
        with ThreadPool(count) as pool:
            pool.map(compute, np.array_split(range(len(a)), count), chunksize=1)
    return c
