# /// variant
# misconception = "half-constant"
# fails = [
#     "test_products_are_in_bfloat16",
#     "test_small_steps_are_not_lost",
#     "test_inputs_stay_and_checkpoints_change_nothing",
# ]
# hints = []
# ///
# Always the same.


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    return {"weights": [torch.zeros(1, 1)], "loss": 0.0, "peak_bytes": 0}
