# /// variant
# misconception = "packed-only-matrices"
# fails = [
#     "test_pack_joins_arrays_of_any_shapes",
#     "test_packed_views_and_vector_share_memory_both_ways",
#     "test_packed_vector_is_new",
# ]
# hints = []
# ///
# Every array is taken for a matrix.


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
    flat = np.zeros(sum(array.size for array in arrays))
    views, start = [], 0
    for array in arrays:
        rows, columns = array.shape
        view = flat[start : start + array.size].reshape(rows, columns)
        view[...] = array
        views.append(view)
        start += array.size
    return flat, views
