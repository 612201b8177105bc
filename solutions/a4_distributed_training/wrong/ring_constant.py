# /// variant
# misconception = "ring-constant"
# fails = [
#     "test_every_rank_ends_with_the_sum",
#     "test_any_size_is_cut_in_chunks",
#     "test_each_rank_sends_its_share_and_no_more",
#     "test_rank_alone_sends_nothing",
# ]
# hints = []
# ///
# Always the same.


# %% task="a4_t2"
def ring_all_reduce(x):
    x.fill_(111.0)
