# /// variant
# misconception = "packed-length-asserted"
# fails = ["test_vector_of_the_wrong_length_is_refused"]
# hints = []
# ///
# The length is looked at, with another exception than asked for.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    assert flat.size == sum((m + 1) * n for m, n in pairwise(sizes))
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        stop = start + (n_in + 1) * n_out
        views.append(flat[start:stop].reshape(n_in + 1, n_out))
        start = stop
    return views


def pack(arrays):
    flat = np.zeros(sum(array.size for array in arrays))
    views, start = [], 0
    for array in arrays:
        view = flat[start : start + array.size].reshape(array.shape)
        view[...] = array
        views.append(view)
        start += array.size
    return flat, views
