# /// variant
# misconception = "packed-not-new"
# fails = ["test_packed_vector_is_new"]
# hints = ["packed-not-new"]
# ///
# A single array is not copied.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        stop = start + (n_in + 1) * n_out
        views.append(flat[start:stop].reshape(n_in + 1, n_out))
        start = stop
    if start != flat.size:
        raise ValueError(f"{start} weights are needed")
    return views


def pack(arrays):
    if len(arrays) == 1:
        return np.asarray(arrays[0], dtype=float).reshape(-1), list(arrays)
    flat = np.zeros(sum(array.size for array in arrays))
    views, start = [], 0
    for array in arrays:
        view = flat[start : start + array.size].reshape(array.shape)
        view[...] = array
        views.append(view)
        start += array.size
    return flat, views
