# /// variant
# misconception = "packed-bias-row-missing"
# fails = [
#     "test_each_layer_gets_its_entries_bias_row_included",
#     "test_layers_and_vector_share_memory_both_ways",
# ]
# hints = ["bias-row-missing"]
# ///
# A row for each input, and none for the biases.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        stop = start + n_in * n_out
        views.append(flat[start:stop].reshape(n_in, n_out))
        start = stop
    if sum((m + 1) * n for m, n in pairwise(sizes)) != flat.size:
        raise ValueError("another network")
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
