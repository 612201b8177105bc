# /// variant
# misconception = "affine-x-transposed"
# fails = ["test_slopes_of_the_inputs", "test_one_sample_and_none"]
# hints = ["x-transposed"]
# ///
# The slopes of x have rows and columns exchanged.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return (upstream @ w.T).T, x.T @ upstream, upstream.sum(axis=0)
