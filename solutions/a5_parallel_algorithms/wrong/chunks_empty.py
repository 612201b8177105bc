# /// variant
# misconception = "chunks-empty"
# fails = [
#     "test_no_chunk_is_empty",
# ]
# hints = ["empty-chunks"]
# ///
# There is a chunk for each worker, empty or not.


# %% task="a5_t1"
def chunks(n, workers):
    """Return pairs (start, stop): at most `workers` chunks of n items, none of them empty."""
    if n < 0 or workers < 1:
        raise ValueError(f"{n} items cannot be cut for {workers} workers")
    size, larger = divmod(n, workers)
    pairs, start = [], 0
    for chunk in range(workers):
        stop = start + size + (chunk < larger)
        pairs.append((start, stop))
        start = stop
    return pairs
