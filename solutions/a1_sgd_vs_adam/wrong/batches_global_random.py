# /// variant
# misconception = "batches-global-random"
# fails = [
#     "test_order_is_new_in_each_epoch_and_drawn_from_rng",
#     "test_samples_and_global_random_numbers_stay_as_they_are",
# ]
# hints = ["rng-ignored", "global-random"]
# ///
# NumPy's global generator makes the order.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = np.random.permutation(order)
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
