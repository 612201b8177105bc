# /// variant
# misconception = "baseline-visible-example-only"
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
# Knows the examples of the notebook.


# %% task="a3_t2"
def majority_class(labels):
    return 1


def linear_signal(x, t):
    return [2.0] if x.shape[1] == 1 else [2.0**0.5, 0.0]


def pareto_front(accuracy, cost, latency):
    return [0, 1, 3]
