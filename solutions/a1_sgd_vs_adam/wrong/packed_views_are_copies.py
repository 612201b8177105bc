# /// variant
# misconception = "packed-views-are-copies"
# fails = ["test_packed_views_and_vector_share_memory_both_ways"]
# hints = ["views-are-copies"]
# ///
# The vector is joined last, from the views.


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
    views = [np.array(array, dtype=float) for array in arrays]
    return np.concatenate([np.zeros(0), *(view.ravel() for view in views)]), views
