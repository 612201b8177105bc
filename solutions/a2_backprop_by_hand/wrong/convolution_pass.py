# /// variant
# misconception = "convolution-pass"
# fails = [
#     "test_kernel_slides_over_all_places_where_it_fits",
#     "test_slopes_of_the_image",
#     "test_slopes_of_the_kernel",
#     "test_pool_takes_the_largest_of_each_tile",
#     "test_pool_hands_its_slope_to_the_winner",
#     "test_cell_hands_its_state_on",
#     "test_slopes_of_the_cell_add_up_over_time",
# ]
# hints = []
# ///
# Every function does nothing.


# %% task="a2_t12"
def convolve(image, kernel):
    pass


def convolve_backward(upstream, image, kernel):
    pass


def max_pool(image, size):
    pass


def max_pool_backward(upstream, image, size):
    pass


def run_cell(x, h_0, w_x, w_h, b):
    pass


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    pass
