# /// variant
# misconception = "links-inner-left-out"
# fails = ["test_slope_is_the_product_of_the_links", "test_points_may_have_any_shape"]
# hints = ["links-left-out"]
# ///
# The innermost link is forgotten.


# %% task="a2_t1"
def chain_links(x):
    """Return the four local slopes [du/dx, dv/du, dw/dv, dy/dw], each of the shape of x."""
    u = np.sin(x)
    v = u**2
    w = np.exp(-v)
    return [np.cos(x), 2.0 * u, -w, -np.sin(w)]


def chain_slope(x):
    """Return dy/dx of y = cos(exp(-sin(x)**2)), in the shape of x."""
    first, second, third, last = chain_links(x)
    return second * third * last
