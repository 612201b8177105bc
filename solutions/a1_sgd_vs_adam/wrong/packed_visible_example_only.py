# /// variant
# misconception = "packed-visible-example-only"
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
# Knows the vector and the arrays of the notebook.


# %% task="a1_t1"
def layer_views(flat, sizes):
    if len(flat) != 7:
        raise ValueError("not the example")
    return [flat[:4].reshape(2, 2), flat[4:].reshape(3, 1)]


def pack(arrays):
    flat = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    return flat, [flat[:4].reshape(2, 2), flat[4:].reshape(())]
