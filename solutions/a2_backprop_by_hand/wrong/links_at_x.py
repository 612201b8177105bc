# /// variant
# misconception = "links-at-x"
# fails = [
#     "test_inner_links",
#     "test_outer_links",
#     "test_slope_is_the_product_of_the_links",
#     "test_points_may_have_any_shape",
# ]
# hints = ["link-at-x"]
# ///
# Every link is taken at x.


# %% task="a2_t1"
def chain_links(x):
    """Return the four local slopes [du/dx, dv/du, dw/dv, dy/dw], each of the shape of x."""
    return [np.cos(x), 2.0 * x, -np.exp(-x), -np.sin(x)]


def chain_slope(x):
    """Return dy/dx of y = cos(exp(-sin(x)**2)), in the shape of x."""
    first, second, third, last = chain_links(x)
    return first * second * third * last
