# /// variant
# misconception = "chunks-size-for-count"
# fails = [
#     "test_even_work_is_cut_evenly",
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = ["size-for-count"]
# ///
# Chunks of `workers` items are cut.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nonsense")
    if n <= workers:
        return [(item, item + 1) for item in range(n)]
    return [(start, min(start + workers, n)) for start in range(0, n, workers)]
