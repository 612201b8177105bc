# /// variant
# misconception = "batches-constant"
# fails = [
#     "test_each_row_comes_once_with_its_own_target",
#     "test_batches_have_the_size_asked_for",
#     "test_order_is_new_in_each_epoch_and_drawn_from_rng",
#     "test_samples_and_global_random_numbers_stay_as_they_are",
#     "test_slopes_are_those_of_the_mean_squared_error",
# ]
# hints = ["one-order-for-all-epochs"]
# ///
# Always the first row, and slopes of zero.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    yield x[:1], t[:1]


def linear_gradient(w, x, t):
    return np.zeros(w.shape)
