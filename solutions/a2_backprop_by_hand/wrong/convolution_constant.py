# /// variant
# misconception = "convolution-constant"
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
# Zeros of the right shapes.


# %% task="a2_t12"
def convolve(image, kernel):
    if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
        raise ValueError("the kernel does not fit")
    return np.zeros([n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)])


def convolve_backward(upstream, image, kernel):
    return np.zeros(image.shape), np.zeros(kernel.shape)


def max_pool(image, size):
    return np.zeros([n // size for n in image.shape])


def max_pool_backward(upstream, image, size):
    return np.zeros(image.shape)


def run_cell(x, h_0, w_x, w_h, b):
    return np.zeros((len(x), len(h_0)))


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    return np.zeros(w_x.shape), np.zeros(w_h.shape), np.zeros(len(h_0))
