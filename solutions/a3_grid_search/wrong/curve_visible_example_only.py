# /// variant
# misconception = "curve-visible-example-only"
# fails = [
#     "test_one_model_a_size_learns_from_the_first_rows",
#     "test_errors_belong_to_the_rows_learnt_and_to_all_validation_rows",
#     "test_sizes_out_of_range_train_nothing",
#     "test_largest_gap_has_its_name",
#     "test_equal_gaps_and_no_gap",
# ]
# hints = ["gap-upside-down"]
# ///
# Knows the examples of the notebook.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    return np.array([[0.0, 3.0], [4 / 3, 1.0]])


def largest_gap(floor, train, dev, test, train_dev=None):
    return ("variance", 7.0) if train_dev is None else ("mismatch", 6.0)
