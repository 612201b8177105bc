# /// variant
# misconception = "batches-drawn-with-replacement"
# fails = [
#     "test_each_row_comes_once_with_its_own_target",
#     "test_order_is_new_in_each_epoch_and_drawn_from_rng",
#     "test_samples_and_global_random_numbers_stay_as_they_are",
# ]
# hints = ["rows-drawn-with-replacement"]
# ///
# Rows are drawn, and put back.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.integers(len(x), size=len(x)) if len(x) else order
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
