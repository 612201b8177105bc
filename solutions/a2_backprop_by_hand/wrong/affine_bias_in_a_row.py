# /// variant
# misconception = "affine-bias-in-a-row"
# fails = ["test_slopes_of_the_biases", "test_one_sample_and_none"]
# hints = ["bias-in-a-row"]
# ///
# The slope of the bias has one row.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0, keepdims=True)
