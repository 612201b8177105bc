# /// variant
# misconception = "baseline-constant"
# fails = ["test_x"]
# hints = []
# ///
# Always 0.


# %% task="a3_t2"
def majority_class(labels):
    return 0


def linear_signal(x, t):
    return 0


def pareto_front(accuracy, cost, latency):
    return 0
