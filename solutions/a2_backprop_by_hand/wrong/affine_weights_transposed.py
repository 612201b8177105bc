# /// variant
# misconception = "affine-weights-transposed"
# fails = [
#     "test_slopes_of_the_weights",
#     "test_one_sample_and_none",
#     "test_layer_changes_no_argument",
# ]
# hints = ["weights-transposed"]
# ///
# The slope of w is turned round.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return upstream @ w.T, upstream.T @ x, upstream.sum(axis=0)
