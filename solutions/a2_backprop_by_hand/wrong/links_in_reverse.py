# /// variant
# misconception = "links-in-reverse"
# fails = ["test_inner_links", "test_outer_links", "test_points_may_have_any_shape"]
# hints = ["links-in-reverse"]
# ///
# The links come from the outside inwards.


# %% task="a2_t1"
def chain_links(x):
    """Return the four local slopes [du/dx, dv/du, dw/dv, dy/dw], each of the shape of x."""
    u = np.sin(x)
    v = u**2
    w = np.exp(-v)
    return [-np.sin(w), -w, 2.0 * u, np.cos(x)]


def chain_slope(x):
    """Return dy/dx of y = cos(exp(-sin(x)**2)), in the shape of x."""
    first, second, third, last = chain_links(x)
    return first * second * third * last
