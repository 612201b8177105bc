# /// variant
# misconception = "affine-upstream-in-place"
# fails = ["test_layer_changes_no_argument"]
# hints = ["argument-changed"]
# ///
# The upstream is scaled in place.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    dx = upstream @ w.T
    upstream += 0.0 * upstream + 1e-9
    return dx, x.T @ upstream, upstream.sum(axis=0)
