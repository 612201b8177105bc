# /// variant
# misconception = "deal-in-blocks"
# fails = [
#     "test_uneven_samples_are_filled_from_the_start",
# ]
# hints = ["filled-otherwise"]
# ///
# Gives each rank a block.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank * each, (rank + 1) * each)]
