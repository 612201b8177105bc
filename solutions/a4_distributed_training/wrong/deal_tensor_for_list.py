# /// variant
# misconception = "deal-tensor-for-list"
# fails = [
#     "test_ranks_share_all_samples",
#     "test_uneven_samples_are_filled_from_the_start",
#     "test_every_epoch_has_its_own_order",
#     "test_order_is_decided_by_seed_and_epoch_alone",
# ]
# hints = []
# ///
# Returns a tensor.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    """Return the list of sample numbers that one rank works on in one epoch."""
    if samples == 0:
        return []
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    order = torch.randperm(samples, generator=generator).tolist()
    each = -(-samples // world)
    return torch.tensor([order[place % samples] for place in range(rank, each * world, world)])
