# /// variant
# misconception = "softmax-pass"
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
# Every function does nothing.


# %% task="a2_t4"
def refuse_strangers(z, labels):
    pass


def softmax(z):
    pass


def cross_entropy(z, labels):
    pass


def cross_entropy_slope(z, labels):
    pass
