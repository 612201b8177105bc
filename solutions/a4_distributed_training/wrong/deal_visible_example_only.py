# /// variant
# misconception = "deal-visible-example-only"
# fails = [
#     "test_ranks_share_all_samples",
#     "test_uneven_samples_are_filled_from_the_start",
#     "test_every_epoch_has_its_own_order",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    return [[3, 4, 2], [0, 1, 3]][rank % 2] if samples == 5 else [40 - epoch]
