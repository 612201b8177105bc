# /// variant
# misconception = "batches-global-seeded"
# fails = ["test_samples_and_global_random_numbers_stay_as_they_are"]
# hints = ["global-random"]
# ///
# NumPy's global generator is seeded with the help of rng.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        np.random.seed(rng.integers(2**31))
        order = np.random.permutation(order)
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
