# /// variant
# misconception = "packed-constant"
# fails = [
#     "test_each_layer_gets_its_entries_bias_row_included",
#     "test_layers_and_vector_share_memory_both_ways",
#     "test_vector_of_the_wrong_length_is_refused",
#     "test_pack_joins_arrays_of_any_shapes",
#     "test_packed_views_and_vector_share_memory_both_ways",
# ]
# hints = ["too-long-accepted"]
# ///
# The right shapes, full of zeros.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    return [np.zeros((n_in + 1, n_out)) for n_in, n_out in pairwise(sizes)]


def pack(arrays):
    return np.zeros(sum(array.size for array in arrays)), [np.zeros(a.shape) for a in arrays]
