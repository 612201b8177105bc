# /// variant
# misconception = "full-identity"
# fails = [
#     "test_shards_are_equal_pieces",
#     "test_layer_computes_with_the_gathered_weight",
#     "test_gradient_is_the_mean_over_ranks",
#     "test_gradients_travel_by_shards",
#     "test_whole_weights_are_let_go",
# ]
# hints = []
# ///
# What comes in goes out.


# %% task="a4_t7"
def shard_of(weight, rank, world):
    return weight


class ShardedLayer:
    def __init__(self, shard, shape):
        self.shard = self.gradient = shard

    def forward(self, x):
        return x

    def backward(self, slope):
        return slope
