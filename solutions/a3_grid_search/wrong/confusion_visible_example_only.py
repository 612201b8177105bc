# /// variant
# misconception = "confusion-visible-example-only"
# fails = [
#     "test_rows_are_the_truth_and_columns_the_prediction",
#     "test_classes_that_never_occur_have_their_place",
#     "test_precision_recall_and_f1_of_alarms",
#     "test_scores_without_alarm_or_trouble_are_zero",
#     "test_threshold_is_the_cheapest_at_these_prices",
#     "test_tied_thresholds_and_equal_scores",
#     "test_one_class_alone_and_scores_that_are_no_numbers",
# ]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    return np.array([[1, 1], [0, 2]])


def alarm_scores(truth, alarm):
    return (2 / 3, 1.0, 0.8) if np.any(alarm) else (0.0, 0.0, 0.0)


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    return (0.8 if cost_miss == 1 else 0.4), 1.0
