# /// variant
# misconception = "confusion-visible-example-only"
# fails = ["test_x"]
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
