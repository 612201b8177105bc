# /// variant
# misconception = "chunks-rest-lost"
# fails = [
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = ["rest-lost"]
# ///
# The remainder is in no chunk.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nonsense")
    if n <= workers:
        return [(item, item + 1) for item in range(n)]
    size = n // workers
    return [(w * size, (w + 1) * size) for w in range(workers)]
