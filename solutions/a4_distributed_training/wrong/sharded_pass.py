# /// variant
# misconception = "sharded-pass"
# fails = [
#     "test_weights_are_those_of_adam",
#     "test_each_rank_sees_only_its_shard_of_the_gradient",
#     "test_state_is_one_shard",
#     "test_one_rank_alone_is_adam_as_usual",
# ]
# hints = ["adam-never-writes-back"]
# ///
# Nothing was written.


# %% task="a4_t6"
class ShardedAdam:
    def __init__(self, parameters, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        pass

    def step(self):
        pass
