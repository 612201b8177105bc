# /// variant
# misconception = "batches-none-forgotten"
# fails = [
#     "test_batches_have_the_size_asked_for",
#     "test_samples_and_global_random_numbers_stay_as_they_are",
# ]
# hints = []
# ///
# batch_size=None is not provided for.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    order = rng.permutation(order)
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
