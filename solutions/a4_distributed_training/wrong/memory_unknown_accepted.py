# /// variant
# misconception = "memory-unknown-accepted"
# fails = [
#     "test_unknown_strategies_are_refused",
# ]
# hints = ["unknown-accepted"]
# ///
# Takes whatever comes as data parallel.


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    """Return bytes of "weights", "gradients" and "optimizer" on one rank, float32 and Adam."""
    sharded = {
        "data parallel": (),
        "sharded optimizer": ("optimizer",),
        "fully sharded": ("weights", "gradients", "optimizer"),
    }
    shard = -(-parameters // max(world, 1))
    arrays = {"weights": 1, "gradients": 1, "optimizer": 2}
    return {
        kind: 4 * count * (shard if kind in sharded.get(strategy, ()) else parameters)
        for kind, count in arrays.items()
    }


def activation_bytes(batch, sizes):
    """Return the bytes of all layers' inputs, kept in float32 for the way back."""
    return 4 * batch * sum(sizes[:-1])
