# /// variant
# misconception = "activations-without-batch"
# fails = [
#     "test_activations_are_the_inputs_of_all_layers",
# ]
# hints = ["batch-forgotten"]
# ///
# One row's activations.


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    """Return bytes of "weights", "gradients" and "optimizer" on one rank, float32 and Adam."""
    sharded = {
        "data parallel": (),
        "sharded optimizer": ("optimizer",),
        "fully sharded": ("weights", "gradients", "optimizer"),
    }
    if strategy not in sharded or world < 1:
        raise ValueError(f"no strategy {strategy!r} for {world} ranks")
    shard = -(-parameters // world)  # rounded up
    arrays = {"weights": 1, "gradients": 1, "optimizer": 2}
    return {
        kind: 4 * count * (shard if kind in sharded[strategy] else parameters)
        for kind, count in arrays.items()
    }


def activation_bytes(batch, sizes):
    """Return the bytes of all layers' inputs, kept in float32 for the way back."""
    return 4 * sum(sizes[:-1])
