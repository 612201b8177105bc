# /// variant
# misconception = "matmul-constant"
# fails = [
#     "test_product_is_right_for_any_sizes",
#     "test_each_chunk_has_a_process_of_its_own",
#     "test_numbers_do_not_go_through_pipes",
#     "test_nothing_is_left_after_success",
#     "test_nothing_is_left_after_a_failure",
# ]
# hints = ["not-written", "never-called"]
# ///
# The result is zero.


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    return np.zeros((a.shape[0], b.shape[1]))
