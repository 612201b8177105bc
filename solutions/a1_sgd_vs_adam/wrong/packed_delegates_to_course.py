# /// variant
# misconception = "packed-delegates-to-course"
# fails = [
#     "test_each_layer_gets_its_entries_bias_row_included",
#     "test_layers_and_vector_share_memory_both_ways",
#     "test_vector_of_the_wrong_length_is_refused",
#     "test_pack_joins_arrays_of_any_shapes",
#     "test_packed_views_and_vector_share_memory_both_ways",
#     "test_packed_vector_is_new",
# ]
# hints = []
# ///
# The network of the course cuts the vector.


# %% task="a1_t1"
from course.network import TanhNetwork, _layer_views


def layer_views(flat, sizes):
    if flat.size != TanhNetwork(sizes).weights.size:
        raise ValueError("another network")
    return _layer_views(flat, sizes)


def pack(arrays):
    sizes = [max(sum(array.size for array in arrays) - 1, 1), 1]
    flat = TanhNetwork(sizes).weights[: sum(array.size for array in arrays)]
    views, start = [], 0
    for array in arrays:
        views.append(flat[start : start + array.size].reshape(array.shape))
        views[-1][...] = array
        start += array.size
    return flat, views
