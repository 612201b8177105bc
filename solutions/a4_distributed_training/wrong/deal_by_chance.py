# /// variant
# misconception = "deal-by-chance"
# fails = [
#     "test_ranks_share_all_samples",
#     "test_uneven_samples_are_filled_from_the_start",
#     "test_order_is_decided_by_seed_and_epoch_alone",
# ]
# hints = ["order-not-repeatable", "orders-differ-by-rank"]
# ///
# Chance decides, each time anew.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples).tolist()
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank, each * world, world)]
