# /// variant
# misconception = "packed-identity"
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
# Everything is returned as it came.


# %% task="a1_t1"
def layer_views(flat, sizes):
    return flat


def pack(arrays):
    return arrays, arrays
