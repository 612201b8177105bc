# /// variant
# misconception = "affine-pass"
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
# Every function does nothing.


# %% task="a2_t2"
def affine(x, w, b):
    pass


def affine_backward(upstream, x, w):
    pass
