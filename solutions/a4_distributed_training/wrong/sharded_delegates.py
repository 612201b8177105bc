# /// variant
# misconception = "sharded-delegates"
# fails = [
#     "test_weights_are_those_of_adam",
#     "test_each_rank_sees_only_its_shard_of_the_gradient",
#     "test_state_is_one_shard",
#     "test_one_rank_alone_is_adam_as_usual",
# ]
# hints = []
# ///
# Lets PyTorch's Adam do the work.


# %% task="a4_t6"
class ShardedAdam:
    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.parameters = list(parameters)
        self.adam = torch.optim.Adam(self.parameters, lr=lr, betas=(beta1, beta2), eps=eps)

    def step(self):
        for parameter in self.parameters:
            dist.all_reduce(parameter.grad, op=dist.ReduceOp.AVG)
        self.adam.step()
