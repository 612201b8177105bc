# /// variant
# misconception = "deal-seed-ignored"
# fails = [
#     "test_every_epoch_has_its_own_order",
# ]
# hints = ["seed-ignored"]
# ///
# Only the epoch counts.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return [order[place % samples] for place in range(rank, each * world, world)]
