# /// variant
# misconception = "softmax-visible-example-only"
# fails = [
#     "test_probabilities_of_each_row",
#     "test_large_logits_overflow_nowhere",
#     "test_loss_is_the_mean_surprise",
#     "test_loss_of_a_sure_and_wrong_answer_is_not_clipped",
#     "test_slopes_of_the_logits",
#     "test_labels_that_are_no_column_are_refused",
# ]
# hints = []
# ///
# Knows the example by hand.


# %% task="a2_t4"
def softmax(z):
    return np.array([[0.25, 0.75]])


def cross_entropy(z, labels):
    return np.log(4.0)


def cross_entropy_slope(z, labels):
    return np.array([[-0.75, 0.75]])
