# /// variant
# misconception = "baseline-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t2"
def majority_class(labels):
    pass


def linear_signal(x, t):
    pass


def pareto_front(accuracy, cost, latency):
    pass
