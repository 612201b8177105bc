# /// variant
# misconception = "chunks-rest-in-last"
# fails = [
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = ["rest-in-last"]
# ///
# The last chunk takes all that is left over.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nonsense")
    if n <= workers:
        return [(item, item + 1) for item in range(n)]
    size = n // workers
    ends = [w * size for w in range(workers)] + [n]
    return list(zip(ends[:-1], ends[1:], strict=True))
