# /// variant
# misconception = "layer-rest-at-the-end"
# fails = [
#     "test_each_rank_gets_columns_then_rows",
# ]
# hints = []
# ///
# The last rank gets the rest.


# %% task="a4_t8"
def shard_mlp(w1, b1, w2, b2, rank, world):
    """Return one rank's part of the two layers: columns of the first, rows of the second."""
    each = len(b1) // world
    mine = slice(rank * each, len(b1) if rank == world - 1 else (rank + 1) * each)
    return w1[:, mine], b1[mine], w2[mine], b2


def tensor_parallel_mlp(x, w1, b1, w2, b2):
    """Return relu(x W1 + b1) W2 + b2 on every rank; each brings its part of the weights."""
    partial = torch.relu(x @ w1 + b1) @ w2
    dist.all_reduce(partial)
    return partial + b2
