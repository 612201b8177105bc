# /// variant
# misconception = "chunks-pass"
# fails = [
#     "test_even_work_is_cut_evenly",
#     "test_remainder_is_spread_over_the_first_chunks",
#     "test_no_chunk_is_empty",
#     "test_nonsense_is_a_value_error",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a5_t1"
def chunks(n, workers):
    pass
