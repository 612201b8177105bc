# /// variant
# misconception = "confusion-pass"
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
# Nothing is returned.


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    pass


def alarm_scores(truth, alarm):
    pass


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    pass
