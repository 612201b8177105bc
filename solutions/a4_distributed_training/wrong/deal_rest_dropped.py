# /// variant
# misconception = "deal-rest-dropped"
# fails = [
#     "test_uneven_samples_are_filled_from_the_start",
# ]
# hints = ["rest-dropped"]
# ///
# Leaves the rest out.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = samples // world
    return [order[place % samples] for place in range(rank, each * world, world)]
