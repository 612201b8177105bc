# /// variant
# misconception = "activation-overflow"
# fails = ["test_sigmoid_near_and_far"]
# hints = []
# ///
# Written with exp(z) / (1 + exp(z)), which is nan far out.


# %% task="a2_t3"
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), entry by entry."""
    return np.exp(z) / (1.0 + np.exp(z))


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
    return np.mean(np.logaddexp(0.0, z) - t * z)
