# /// variant
# misconception = "activation-pass"
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
# Every function does nothing.


# %% task="a2_t3"
def sigmoid(z):
    pass


def relu(z):
    pass


def sigmoid_slope(a):
    pass


def tanh_slope(a):
    pass


def relu_slope(a):
    pass


def log_loss(z, t):
    pass
