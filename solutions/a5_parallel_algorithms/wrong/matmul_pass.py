# /// variant
# misconception = "matmul-pass"
# fails = [
#     "test_product_is_right_for_any_sizes",
#     "test_empty_matrices_have_a_product",
#     "test_each_chunk_has_a_process_of_its_own",
#     "test_numbers_do_not_go_through_pipes",
#     "test_nothing_is_left_after_success",
#     "test_nothing_is_left_after_a_failure",
# ]
# hints = ["never-called"]
# ///
# Nothing is returned.


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    pass
