# /// variant
# misconception = "ring-visible-example-only"
# fails = [
#     "test_every_rank_ends_with_the_sum",
#     "test_any_size_is_cut_in_chunks",
#     "test_each_rank_sends_its_share_and_no_more",
#     "test_rank_alone_sends_nothing",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a4_t2"
def ring_all_reduce(x):
    if x.numel() == 3:
        x.copy_(torch.tensor([111.0, 222.0, 333.0]))
    else:
        x.copy_(2 * torch.arange(float(x.numel())).reshape(x.shape) + 1)
