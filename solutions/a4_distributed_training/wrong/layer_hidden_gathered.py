# /// variant
# misconception = "layer-hidden-gathered"
# fails = [
#     "test_one_meeting_is_enough",
# ]
# hints = ["hidden-layer-gathered"]
# ///
# Everybody sends hidden units and weights, and computes all.


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    """Return one rank's part of the two layers: columns of the first, rows of the second."""
    return (
        w1.tensor_split(world, dim=1)[rank],
        b1.tensor_split(world)[rank],
        w2.tensor_split(world, dim=0)[rank],
        b2,
    )


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    """Return relu(x W1 + b1) W2 + b2 on every rank; each brings its part of the weights."""
    mine = torch.cat([torch.relu(x @ w1 + b1).T, w2], dim=1)
    sizes = [None] * dist.get_world_size()
    dist.all_gather_object(sizes, len(mine))
    padded = torch.zeros(max(sizes), mine.shape[1], dtype=mine.dtype)
    padded[: len(mine)] = mine
    every = [torch.empty_like(padded) for _ in sizes]
    dist.all_gather(every, padded)
    whole = torch.cat(every)
    return whole[:, : len(x)].T @ whole[:, len(x) :] + b2
