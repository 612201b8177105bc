# /// variant
# misconception = "cards-visible-example-only"
# fails = [
#     "test_one_step_of_all_ranks",
#     "test_sharded_step_of_all_ranks",
# ]
# hints = []
# ///
# Knows the example by heart.


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    new = torch.tensor([[0.5, 0.5], [1.0, 1.0]])
    new = new[dist.get_rank()] if sharded else new
    return {"weights": [new], "loss": 2.5, "peak_bytes": 0}
