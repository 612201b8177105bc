# /// variant
# misconception = "memory-pass"
# fails = [
#     "test_memory_is_counted_by_kind_and_strategy",
#     "test_shards_are_rounded_up",
#     "test_unknown_strategies_are_refused",
#     "test_activations_are_the_inputs_of_all_layers",
# ]
# hints = []
# ///
# Nothing was written.


# %% task="a4_t1"
def memory_per_rank(parameters, world, strategy):
    pass


def activation_bytes(batch, sizes):
    pass
