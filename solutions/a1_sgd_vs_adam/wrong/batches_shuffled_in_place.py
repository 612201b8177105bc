# /// variant
# misconception = "batches-shuffled-in-place"
# fails = ["test_samples_and_global_random_numbers_stay_as_they_are"]
# hints = ["batches-change-samples"]
# ///
# Inputs and targets themselves are shuffled, together.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        rows = rng.permutation(order)
        x[:], t[:] = x[rows], t[rows]
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
