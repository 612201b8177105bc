# /// variant
# misconception = "deal-pass"
# fails = [
#     "test_ranks_share_all_samples",
#     "test_uneven_samples_are_filled_from_the_start",
#     "test_every_epoch_has_its_own_order",
#     "test_order_is_decided_by_seed_and_epoch_alone",
# ]
# hints = []
# ///
# Nothing was written.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    pass
