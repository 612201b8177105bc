# /// variant
# misconception = "activation-constant"
# fails = [
#     "test_sigmoid_near_and_far",
#     "test_sigmoid_slope_is_told_by_its_value",
#     "test_tanh_slope_is_told_by_its_value",
#     "test_relu_and_its_slope",
#     "test_log_loss_is_a_mean_over_all_entries",
#     "test_log_loss_of_a_saturated_unit_is_a_number",
#     "test_log_loss_of_a_sure_and_wrong_unit_is_as_large_as_it_is",
# ]
# hints = []
# ///
# Everything is a half.


# %% task="a2_t3"
def sigmoid(z):
    return np.full(z.shape, 0.5)


relu = sigmoid_slope = tanh_slope = relu_slope = sigmoid


def log_loss(z, t):
    return 0.5
