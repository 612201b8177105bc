# /// variant
# misconception = "packed-empty-list-refused"
# fails = ["test_pack_joins_arrays_of_any_shapes"]
# hints = []
# ///
# Joining an empty list raises.


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
    flat = np.concatenate([array.ravel() for array in arrays]).astype(float)
    views, start = [], 0
    for array in arrays:
        views.append(flat[start : start + array.size].reshape(array.shape))
        start += array.size
    return flat, views
