# /// variant
# misconception = "linear-pass"
# fails = [
#     "test_gradient_is_the_sum_over_the_rows",
#     "test_large_numbers_give_no_nan",
#     "test_unknown_kind_is_a_value_error",
#     "test_descent_follows_the_mean_gradient",
#     "test_each_row_is_used_once_in_each_step",
#     "test_one_group_of_processes_reads_for_itself",
# ]
# hints = ["never-called"]
# ///
# Nothing is returned.


# %% task="a5_t5"
def chunk_gradient(kind, path, start, stop, w):
    pass


def descend(kind, path, steps, rate, workers, chunk_rows, began):
    pass
