# /// variant
# misconception = "chunks-larger-last"
# fails = [
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = ["larger-last"]
# ///
# The chunks that are larger by one come last.


# %% task="a5_t1"
def chunks(n, workers):
    """Return pairs (start, stop): at most `workers` chunks of n items, none of them empty."""
    if n < 0 or workers < 1:
        raise ValueError(f"{n} items cannot be cut for {workers} workers")
    size, larger = divmod(n, workers)
    if size == 0:
        return [(item, item + 1) for item in range(n)]
    pairs, start = [], 0
    for chunk in range(min(n, workers)):
        stop = start + size + (chunk >= min(n, workers) - larger)
        pairs.append((start, stop))
        start = stop
    return pairs
