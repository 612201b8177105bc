# /// variant
# misconception = "cards-identity"
# fails = [
#     "test_one_step_of_all_ranks",
#     "test_sharded_step_of_all_ranks",
# ]
# hints = []
# ///
# Takes no step.


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    return {"weights": list(weights), "loss": 0.0, "peak_bytes": 0}
