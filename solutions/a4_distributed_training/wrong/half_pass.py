# /// variant
# misconception = "half-pass"
# fails = [
#     "test_products_are_in_bfloat16",
#     "test_small_steps_are_not_lost",
#     "test_inputs_stay_and_checkpoints_change_nothing",
# ]
# hints = []
# ///
# Nothing is done.


# %% task="a4_t11"
def mixed_step(weights, x, wanted, lr, device, every):
    pass
