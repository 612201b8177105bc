# /// variant
# misconception = "confusion-delegates-to-sklearn"
# fails = [
#     "test_rows_are_the_truth_and_columns_the_prediction",
#     "test_classes_that_never_occur_have_their_place",
#     "test_precision_recall_and_f1_of_alarms",
#     "test_scores_without_alarm_or_trouble_are_zero",
# ]
# hints = []
# ///
# scikit-learn's metrics.


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    from sklearn import metrics

    return metrics.confusion_matrix(truth, predicted, labels=np.arange(classes))


def alarm_scores(truth, alarm):
    from sklearn import metrics

    return metrics.precision_recall_fscore_support(truth, alarm, average="binary")[:3]


def cheapest_threshold(truth, score, cost_alarm, cost_miss):
    """Return (threshold, cost): above which score alarms cost least, and how much."""
    truth, score = np.asarray(truth), np.asarray(score, dtype=float)
    if np.isnan(score).any():
        raise ValueError("a score is not a number")
    best = math.inf, cost_miss * float(np.sum(truth == 1))
    for threshold in np.unique(score)[::-1]:
        alarm = score >= threshold
        false_alarms, misses = np.sum(alarm & (truth == 0)), np.sum(~alarm & (truth == 1))
        cost = float(cost_alarm * false_alarms + cost_miss * misses)
        if cost < best[1]:
            best = float(threshold), cost
    return best
