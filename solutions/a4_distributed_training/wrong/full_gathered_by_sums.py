# /// variant
# misconception = "full-gathered-by-sums"
# fails = [
#     "test_layer_computes_with_the_gathered_weight",
# ]
# hints = ["more-than-a-shard-gathered", "whole-gradient-everywhere"]
# ///
# Gathers with an all-reduce over zeros and the own shard.


# %% task="a4_t7"
def shard_of(weight, rank, world):
    """Return one rank's piece of a weight: as a vector, padded, cut in equal pieces."""
    size = -(-weight.numel() // world)  # rounded up
    padded = torch.cat([weight.reshape(-1), weight.new_zeros(size * world - weight.numel())])
    return padded[rank * size : (rank + 1) * size].clone()


class ShardedLayer:
    """tanh(x W), where each rank keeps one shard of W and sees the whole only while it is used."""

    def __init__(self, shard, shape):
        self.shard, self.shape = shard, shape

    def whole(self):
        """Gather the weight from all ranks."""
        pieces = torch.zeros(dist.get_world_size(), len(self.shard), dtype=self.shard.dtype)
        pieces[dist.get_rank()] = self.shard
        dist.all_reduce(pieces)
        rows, columns = self.shape
        return pieces.reshape(-1)[: rows * columns].reshape(rows, columns)

    def forward(self, x):
        """Return tanh(x W)."""
        self.x = x
        self.y = torch.tanh(x @ self.whole())
        return self.y

    def backward(self, slope):
        """Return the slope with respect to x; leave the shard of W's gradient in self.gradient."""
        world = dist.get_world_size()
        inner = slope * (1 - self.y**2)
        back = inner @ self.whole().T
        pieces = [shard_of(self.x.T @ inner, rank, world) for rank in range(world)]
        self.gradient = torch.empty_like(self.shard)
        dist.reduce_scatter(self.gradient, pieces)
        self.gradient /= world
        return back
