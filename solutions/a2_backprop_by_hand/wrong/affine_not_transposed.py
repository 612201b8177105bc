# /// variant
# misconception = "affine-not-transposed"
# fails = [
#     "test_slopes_of_the_inputs",
#     "test_slopes_of_the_weights",
#     "test_slopes_of_the_biases",
#     "test_one_sample_and_none",
#     "test_layer_changes_no_argument",
# ]
# hints = ["shapes-do-not-fit"]
# ///
# w is not transposed.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return upstream @ w, x.T @ upstream, upstream.sum(axis=0)
