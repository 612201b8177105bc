# /// variant
# misconception = "cards-constant"
# fails = [
#     "test_one_step_of_all_ranks",
#     "test_sharded_step_of_all_ranks",
# ]
# hints = []
# ///
# Returns the same whatever comes in.


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    return {"weights": [torch.zeros_like(w) for w in weights], "loss": 0.5, "peak_bytes": 0}
