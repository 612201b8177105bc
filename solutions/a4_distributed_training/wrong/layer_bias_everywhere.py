# /// variant
# misconception = "layer-bias-everywhere"
# fails = [
#     "test_all_ranks_have_the_output_of_the_whole_layers",
# ]
# hints = ["bias-on-every-rank"]
# ///
# Adds the bias before the sum.


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
    partial = torch.relu(x @ w1 + b1) @ w2 + b2
    dist.all_reduce(partial)
    return partial
