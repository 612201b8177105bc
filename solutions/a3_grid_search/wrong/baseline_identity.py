# /// variant
# misconception = "baseline-identity"
# fails = ["test_x"]
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
