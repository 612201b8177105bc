# /// variant
# misconception = "ring-pass"
# fails = [
#     "test_every_rank_ends_with_the_sum",
#     "test_any_size_is_cut_in_chunks",
#     "test_each_rank_sends_its_share_and_no_more",
# ]
# hints = ["x-not-changed"]
# ///
# Nothing was written.


# %% task="a4_t2"
def ring_all_reduce(x):
    pass
