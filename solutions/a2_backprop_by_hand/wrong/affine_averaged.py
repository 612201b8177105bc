# /// variant
# misconception = "affine-averaged"
# fails = ["test_slopes_of_the_weights", "test_slopes_of_the_biases", "test_one_sample_and_none"]
# hints = ["divided-by-samples"]
# ///
# The slopes of w and b are averaged.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return upstream @ w.T, x.T @ upstream / len(x), upstream.mean(axis=0)
