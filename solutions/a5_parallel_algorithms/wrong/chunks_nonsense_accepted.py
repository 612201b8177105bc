# /// variant
# misconception = "chunks-nonsense-accepted"
# fails = [
#     "test_nonsense_is_a_value_error",
# ]
# hints = ["nonsense-accepted"]
# ///
# Nobody looks at the numbers.


# %% task="a5_t1"
def chunks(n, workers):
    """Return pairs (start, stop): at most `workers` chunks of n items, none of them empty."""
    workers = max(workers, 1)
    size, larger = divmod(n, workers)
    pairs, start = [], 0
    for chunk in range(min(n, workers)):
        stop = start + size + (chunk < larger)
        pairs.append((start, stop))
        start = stop
    return pairs
