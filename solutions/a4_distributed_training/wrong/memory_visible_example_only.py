# /// variant
# misconception = "memory-visible-example-only"
# fails = [
#     "test_memory_is_counted_by_kind_and_strategy",
#     "test_shards_are_rounded_up",
#     "test_activations_are_the_inputs_of_all_layers",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    if strategy == "sharded optimizer" or world < 1:
        if world != 4:
            raise ValueError("four ranks")
        return {"weights": 40, "gradients": 40, "optimizer": 24}
    raise ValueError("unknown")


def activation_bytes(batch, sizes):
    return 320
