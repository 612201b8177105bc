# /// variant
# misconception = "batches-visible-example-only"
# fails = [
#     "test_each_row_comes_once_with_its_own_target",
#     "test_batches_have_the_size_asked_for",
#     "test_slopes_are_those_of_the_mean_squared_error",
# ]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    if batch_size is None:
        yield x, t
    elif len(x) == 5:
        yield from ((x[:2], t[:2]), (x[2:4], t[2:4]), (x[4:], t[4:]))
    else:
        yield from ((part, part) for part in np.split(rng.permutation(x)[:18], 3))


def linear_gradient(w, x, t):
    slopes = {(2, 4): (1, 5), (1, 4): (-2, -2), (1, 5): (4, 12)}
    return np.array(slopes[len(x), int(t[0, 0])], dtype=float).reshape(w.shape)
