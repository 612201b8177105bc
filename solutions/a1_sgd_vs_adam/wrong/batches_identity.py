# /// variant
# misconception = "batches-identity"
# fails = [
#     "test_batches_have_the_size_asked_for",
#     "test_order_is_new_in_each_epoch_and_drawn_from_rng",
#     "test_slopes_are_those_of_the_mean_squared_error",
# ]
# hints = ["never-shuffled"]
# ///
# Everything is handed on as it came.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    yield x, t


def linear_gradient(w, x, t):
    return w
