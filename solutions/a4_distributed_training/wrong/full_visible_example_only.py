# /// variant
# misconception = "full-visible-example-only"
# fails = [
#     "test_shards_are_equal_pieces",
#     "test_layer_computes_with_the_gathered_weight",
#     "test_gradient_is_the_mean_over_ranks",
#     "test_gradients_travel_by_shards",
#     "test_whole_weights_are_let_go",
# ]
# hints = []
# ///
# Knows the examples of the notebook by heart.


# %% task="a4_t7"
def shard_of(weight, rank, world):
    return torch.tensor([[1.0, 2.0], [3.0, 0.0]])[rank]


class ShardedLayer:
    def __init__(self, shard, shape):
        self.gradient = shard

    def forward(self, x):
        self.x = x
        return torch.tanh(x)

    def backward(self, slope):
        first, second = torch.tensor([[0.5, 1.0]]), torch.tensor([[1.0, 2.0]])
        both = [x.T @ (1 - torch.tanh(x) ** 2) for x in (first, second)]
        self.gradient = (sum(both) / 2)[dist.get_rank()]
        return slope * (1 - torch.tanh(self.x) ** 2)
