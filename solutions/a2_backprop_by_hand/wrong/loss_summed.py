# /// variant
# misconception = "loss-summed"
# fails = [
#     "test_log_loss_is_a_mean_over_all_entries",
#     "test_log_loss_of_a_sure_and_wrong_unit_is_as_large_as_it_is",
# ]
# hints = ["sum-for-mean"]
# ///
# The losses are added up.


# %% task="a2_t3"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry."""
    return np.exp(-np.logaddexp(0.0, -z))


def relu(z):
    """Return the larger of z and 0, entry by entry."""
    return np.maximum(z, 0.0)


def sigmoid_slope(a):
    """Return the sigmoid's derivative where its value is a."""
    return a * (1.0 - a)


def tanh_slope(a):
    """Return the derivative of tanh where its value is a."""
    return 1.0 - a**2


def relu_slope(a):
    """Return the derivative of relu where its value is a; 0 at the kink."""
    return np.where(a > 0.0, 1.0, 0.0)


def log_loss(z, t):
    """Return the mean log loss of the logits z for targets t, a number."""
    return np.sum(np.logaddexp(0.0, z) - t * z)
