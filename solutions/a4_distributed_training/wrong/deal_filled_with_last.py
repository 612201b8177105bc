# /// variant
# misconception = "deal-filled-with-last"
# fails = [
#     "test_uneven_samples_are_filled_from_the_start",
# ]
# hints = ["filled-otherwise"]
# ///
# Fills up with the last card again.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return [order[min(place, samples - 1)] for place in range(rank, each * world, world)]
