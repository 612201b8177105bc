# /// variant
# misconception = "baseline-identity"
# fails = [
#     "test_majority_is_the_most_frequent_label",
#     "test_slopes_are_those_of_standardised_columns",
#     "test_constant_columns_have_no_signal",
#     "test_front_holds_those_that_nobody_beats",
#     "test_equal_models_do_not_beat_each_other",
#     "test_models_without_a_number_are_left_out",
# ]
# hints = []
# ///
# The first argument comes back.


# %% task="a3_t2"
def majority_class(labels):
    return labels


def linear_signal(x, t):
    return x


def pareto_front(accuracy, cost, latency):
    return accuracy
