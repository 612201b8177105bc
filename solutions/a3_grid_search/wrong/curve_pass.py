# /// variant
# misconception = "curve-pass"
# fails = [
#     "test_one_model_a_size_learns_from_the_first_rows",
#     "test_errors_belong_to_the_rows_learnt_and_to_all_validation_rows",
#     "test_sizes_out_of_range_train_nothing",
#     "test_largest_gap_has_its_name",
#     "test_equal_gaps_and_no_gap",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    pass


def largest_gap(floor, train, dev, test, train_dev=None):
    pass
