# /// variant
# misconception = "scores-exchanged"
# fails = ["test_precision_recall_and_f1_of_alarms"]
# hints = ["precision-for-recall"]
# ///
# Precision and recall exchanged.


# %% task="a3_t3"
def confusion_matrix(truth, predicted, classes):
    """Return how often class i was called class j, shape (classes, classes)."""
    matrix = np.zeros((classes, classes), dtype=int)
    np.add.at(matrix, (np.asarray(truth, dtype=int), np.asarray(predicted, dtype=int)), 1)
    return matrix


def alarm_scores(truth, alarm):
    """Return (precision, recall, F1) of alarms."""
    truth, alarm = np.asarray(truth) == 1, np.asarray(alarm) == 1
    hits = float(np.sum(truth & alarm))
    precision = hits / alarm.sum() if alarm.any() else 0.0
    recall = hits / truth.sum() if truth.any() else 0.0
    f1 = 2.0 * precision * recall / (precision + recall) if hits else 0.0
    return recall, precision, f1


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
