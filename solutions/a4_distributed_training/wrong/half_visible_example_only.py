# /// variant
# misconception = "half-visible-example-only"
# fails = [
#     "test_products_are_in_bfloat16",
#     "test_small_steps_are_not_lost",
#     "test_inputs_stay_and_checkpoints_change_nothing",
# ]
# hints = []
# ///
# Knows the examples by heart.


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    loss = 0.0 if len(weights[0]) == 2 else 1.0
    return {"weights": [torch.ones(1, 1)], "loss": loss, "peak_bytes": 0}
