# /// variant
# misconception = "matmul-delegates-to-numpy"
# fails = [
#     "test_each_chunk_has_a_process_of_its_own",
#     "test_nothing_is_left_after_success",
#     "test_nothing_is_left_after_a_failure",
# ]
# hints = ["never-called", "failure-hidden"]
# ///
# NumPy computes all of it in the notebook.


# %% task="a5_t2"
def shared_matmul(a, b, workers, began):
    return a @ b
