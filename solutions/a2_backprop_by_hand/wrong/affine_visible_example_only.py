# /// variant
# misconception = "affine-visible-example-only"
# fails = [
#     "test_forward_adds_the_bias_to_each_row",
#     "test_slopes_of_the_inputs",
#     "test_slopes_of_the_weights",
#     "test_slopes_of_the_biases",
#     "test_one_sample_and_none",
#     "test_layer_changes_no_argument",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a2_t2"
def affine(x, w, b):
    return np.array([[16.0]])


def affine_backward(upstream, x, w):
    return np.array([[6.0, 8.0]]), np.array([[2.0], [4.0]]), np.array([2.0])
