# /// variant
# misconception = "chunks-stop-included"
# fails = [
#     "test_even_work_is_cut_evenly",
#     "test_remainder_is_spread_over_the_first_chunks",
#     "test_no_chunk_is_empty",
# ]
# hints = ["stop-included"]
# ///
# The second number is the last item of the chunk.


# %% task="a5_t1"
def chunks(n, workers):
    """Return pairs (start, stop): at most `workers` chunks of n items, none of them empty."""
    if n < 0 or workers < 1:
        raise ValueError(f"{n} items cannot be cut for {workers} workers")
    size, larger = divmod(n, workers)
    pairs, start = [], 0
    for chunk in range(min(n, workers)):
        stop = start + size + (chunk < larger)
        pairs.append((start, stop - 1))
        start = stop
    return pairs
