# /// variant
# misconception = "sharded-sum"
# fails = [
#     "test_weights_are_those_of_adam",
#     "test_each_rank_sees_only_its_shard_of_the_gradient",
#     "test_state_is_one_shard",
# ]
# hints = ["adam-on-summed-gradients"]
# ///
# Forgets to divide.


# %% task="a4_t6"
class ShardedAdam:
    """Adam whose averages are spread over the ranks: each keeps those of its own shard."""

    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.parameters = parameters
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        total = sum(parameter.numel() for parameter in self.parameters)
        self.world, self.rank = dist.get_world_size(), dist.get_rank()
        self.shard = -(-total // self.world)
        self.m = torch.zeros(self.shard, dtype=self.parameters[0].dtype)
        self.v = torch.zeros_like(self.m)
        self.t = 0

    def pieces(self, tensors):
        """Return the tensors as one vector, padded with zeros, cut into one piece a rank."""
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        padding = flat.new_zeros(self.shard * self.world - flat.numel())
        return list(torch.cat([flat, padding]).split(self.shard))

    def step(self):
        """Average the gradients over the ranks, and take one step."""
        gradient = torch.empty_like(self.m)
        dist.reduce_scatter(gradient, self.pieces([p.grad for p in self.parameters]))
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        mine = self.pieces(self.parameters)[self.rank]
        mine = mine - self.lr * m_hat / (v_hat.sqrt() + self.eps)
        whole = [torch.empty_like(mine) for _ in range(self.world)]
        dist.all_gather(whole, mine)
        self.write(torch.cat(whole))

    def write(self, flat):
        """Copy one vector of all weights back into the parameters."""
        start = 0
        for parameter in self.parameters:
            stop = start + parameter.numel()
            parameter.data.copy_(flat[start:stop].reshape(parameter.shape))
            start = stop
