# /// variant
# misconception = "signal-constant-column-nan"
# fails = ["test_constant_columns_have_no_signal"]
# hints = []
# ///
# Divides by a spread of zero.


# %% task="a3_t2"
def majority_class(labels):
    """Return the most frequent label, the smallest of them if several are."""
    if len(labels) == 0:
        raise ValueError("no labels, no majority")
    classes, counts = np.unique(labels, return_counts=True)
    return classes[np.argmax(counts)]


def linear_signal(x, t):
    """Return the slope of each standardised column in a linear model, shape (columns,)."""
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    return np.linalg.pinv(z.T @ z) @ z.T @ t


def pareto_front(accuracy, cost, latency):
    """Return the numbers of the models that no other model beats, in rising order."""
    table = np.column_stack([-np.asarray(accuracy, float), cost, latency])
    front = []
    for i, one in enumerate(table):
        if np.isnan(one).any():
            continue
        beaten = (table <= one).all(axis=1) & (table < one).any(axis=1)
        if not beaten.any():
            front.append(i)
    return front
