# /// variant
# misconception = "chunks-constant"
# fails = [
#     "test_even_work_is_cut_evenly",
#     "test_remainder_is_spread_over_the_first_chunks",
#     "test_no_chunk_is_empty",
#     "test_nonsense_is_a_value_error",
# ]
# hints = ["nonsense-accepted"]
# ///
# One chunk holds everything, whatever is asked.


# %% task="a5_t1"
def chunks(n, workers):
    return [(0, n)]
