# /// variant
# misconception = "links-visible-example-only"
# fails = [
#     "test_inner_links",
#     "test_outer_links",
#     "test_slope_is_the_product_of_the_links",
#     "test_points_may_have_any_shape",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a2_t1"
def chain_links(x):
    return [np.full(np.shape(x), link) for link in (0.0, 2.0, -0.367879, -0.359638)]


def chain_slope(x):
    return 0.0 * np.asarray(x)
