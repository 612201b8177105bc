# /// variant
# misconception = "affine-bias-forgotten"
# fails = ["test_forward_adds_the_bias_to_each_row", "test_one_sample_and_none"]
# hints = ["bias-left-out"]
# ///
# Forward without bias.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0)
