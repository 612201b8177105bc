# /// variant
# misconception = "full-delegates"
# fails = [
#     "test_shards_are_equal_pieces",
#     "test_layer_computes_with_the_gathered_weight",
#     "test_gradient_is_the_mean_over_ranks",
#     "test_gradients_travel_by_shards",
#     "test_whole_weights_are_let_go",
# ]
# hints = []
# ///
# Leaves it to PyTorch.


# %% task="a4_t7"
def shard_of(weight, rank, world):
    from torch.distributed.tensor import DTensor, Shard, init_device_mesh

    mesh = init_device_mesh("cpu", (world,))
    return DTensor.from_local(weight, mesh, [Shard(0)]).to_local()


class ShardedLayer:
    def __init__(self, shard, shape):
        from torch.distributed.fsdp import fully_shard

        self.shard = shard
        self.layer = fully_shard(torch.nn.Linear(*shape, bias=False))

    def forward(self, x):
        return torch.tanh(self.layer(x))

    def backward(self, slope):
        self.gradient = self.layer.weight.grad
        return slope
