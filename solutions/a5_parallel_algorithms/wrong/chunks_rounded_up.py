# /// variant
# misconception = "chunks-rounded-up"
# fails = [
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = ["rounded-up"]
# ///
# All chunks have the size rounded up, but for the last one.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nonsense")
    if n <= workers:
        return [(item, item + 1) for item in range(n)]
    size = -(-n // workers)
    return [(start, min(start + size, n)) for start in range(0, n, size)]
