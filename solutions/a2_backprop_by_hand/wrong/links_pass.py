# /// variant
# misconception = "links-pass"
# fails = [
#     "test_inner_links",
#     "test_outer_links",
#     "test_slope_is_the_product_of_the_links",
#     "test_points_may_have_any_shape",
# ]
# hints = []
# ///
# Every function does nothing.


# %% task="a2_t1"
def chain_links(x):
    pass


def chain_slope(x):
    pass
