# /// variant
# misconception = "affine-upstream-ignored"
# fails = [
#     "test_slopes_of_the_inputs",
#     "test_slopes_of_the_weights",
#     "test_slopes_of_the_biases",
#     "test_one_sample_and_none",
# ]
# hints = ["upstream-ignored"]
# ///
# The upstream is taken for ones.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    upstream = np.ones_like(upstream)
    return upstream @ w.T, x.T @ upstream, upstream.sum(axis=0)
