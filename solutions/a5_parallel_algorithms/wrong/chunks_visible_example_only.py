# /// variant
# misconception = "chunks-visible-example-only"
# fails = [
#     "test_even_work_is_cut_evenly",
#     "test_remainder_is_spread_over_the_first_chunks",
# ]
# hints = []
# ///
# It knows the examples of the notebook.


# %% task="a5_t1"
def chunks(n, workers):
    if n < 0 or workers < 1:
        raise ValueError("nonsense")
    known = {(10, 4): [(0, 3), (3, 6), (6, 8), (8, 10)], (2, 4): [(0, 1), (1, 2)]}
    return known.get((n, workers), [(0, n)])
