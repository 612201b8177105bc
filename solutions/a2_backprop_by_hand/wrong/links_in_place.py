# /// variant
# misconception = "links-in-place"
# fails = ["test_points_may_have_any_shape"]
# hints = ["argument-changed"]
# ///
# Writes into x.


# %% task="a2_t1"
def chain_links(x):
    """Return the four local slopes [du/dx, dv/du, dw/dv, dy/dw], each of the shape of x."""
    cosine = np.cos(x)
    u = np.sin(x, out=x if isinstance(x, np.ndarray) and x.ndim else None)
    v = u**2
    w = np.exp(-v)
    return [cosine, 2.0 * u, -w, -np.sin(w)]


def chain_slope(x):
    """Return dy/dx of y = cos(exp(-sin(x)**2)), in the shape of x."""
    first, second, third, last = chain_links(x)
    return first * second * third * last
