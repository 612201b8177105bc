# /// variant
# misconception = "convolution-visible-example-only"
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
# Knows the examples.


# %% task="a2_t12"
def convolve(image, kernel):
    return np.array([[0.0, 5.0, 0.0]])


def convolve_backward(upstream, image, kernel):
    return np.array([[-1.0, -1.0, -1.0, 3.0]]), np.array([[15.0, 25.0]])


def max_pool(image, size):
    return np.array([[4.0]])


def max_pool_backward(upstream, image, size):
    return np.array([[0.0, 0.0], [7.0, 0.0]])


def run_cell(x, h_0, w_x, w_h, b):
    return np.zeros((2, 1))


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    return np.zeros((1, 1)), np.zeros((1, 1)), np.array([3.0])
