# /// variant
# misconception = "confusion-pass"
# fails = ["test_x"]
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
