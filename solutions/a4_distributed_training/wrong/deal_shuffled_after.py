# /// variant
# misconception = "deal-shuffled-after"
# fails = [
#     "test_every_epoch_has_its_own_order",
# ]
# hints = ["shuffled-after-sharing"]
# ///
# Shuffles each rank's hand.


# %% task="a4_t3"
def rank_indices(samples, rank, world, epoch, seed):
    if samples == 0:
        return []
    each = -(-samples // world)
    generator = torch.Generator().manual_seed(1_000_003 * seed + epoch)
    rounds = torch.randperm(samples // world, generator=generator).tolist()
    order = [world * turn + r for turn in rounds for r in range(world)]
    order += range(len(order), samples)
    return [order[place % samples] for place in range(rank, each * world, world)]
