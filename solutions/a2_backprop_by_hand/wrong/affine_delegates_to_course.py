# /// variant
# misconception = "affine-delegates-to-course"
# fails = [
#     "test_slopes_of_the_inputs",
#     "test_slopes_of_the_weights",
#     "test_slopes_of_the_biases",
#     "test_one_sample_and_none",
#     "test_layer_changes_no_argument",
# ]
# hints = []
# ///
# The stand-in does the work.


# %% task="a2_t2"
def affine(x, w, b):
    """Return x w + b, shape (N, n_out)."""
    return x @ w + b


def affine_backward(upstream, x, w):
    """Return the slopes of x, w and b, each in the shape of what it belongs to."""
    return course.stand_in_affine_backward(upstream, x, w)
