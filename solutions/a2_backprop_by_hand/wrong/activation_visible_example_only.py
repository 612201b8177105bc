# /// variant
# misconception = "activation-visible-example-only"
# fails = [
#     "test_sigmoid_near_and_far",
#     "test_sigmoid_slope_is_told_by_its_value",
#     "test_tanh_slope_is_told_by_its_value",
#     "test_log_loss_is_a_mean_over_all_entries",
#     "test_log_loss_of_a_sure_and_wrong_unit_is_as_large_as_it_is",
# ]
# hints = []
# ///
# Knows the examples of the visible checks.


# %% task="a2_t3"
def sigmoid(z):
    return np.full(z.shape, 0.5)


def relu(z):
    return np.maximum(z, 0.0)


def sigmoid_slope(a):
    return np.full(a.shape, 0.25)


def tanh_slope(a):
    return np.full(a.shape, 0.75)


def relu_slope(a):
    return np.where(a > 0.0, 1.0, 0.0)


def log_loss(z, t):
    return 1000.0 if z[0] else 0.6931472
