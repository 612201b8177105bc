# /// variant
# misconception = "deal-own-order"
# fails = [
#     "test_ranks_share_all_samples",
#     "test_uneven_samples_are_filled_from_the_start",
# ]
# hints = ["orders-differ-by-rank"]
# ///
# Each rank draws an order of its own.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + 1009 * rank + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank, each * world, world)]
