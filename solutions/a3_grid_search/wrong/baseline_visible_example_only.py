# /// variant
# misconception = "baseline-visible-example-only"
# fails = ["test_x"]
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
