# /// variant
# misconception = "deal-not-shuffled"
# fails = [
#     "test_every_epoch_has_its_own_order",
# ]
# hints = ["not-shuffled"]
# ///
# The samples' own order.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = list(range(samples))
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank, each * world, world)]
