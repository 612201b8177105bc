# /// variant
# misconception = "table-pass"
# fails = [
#     "test_one_row_a_trial_lowest_error_first",
#     "test_missing_settings_and_no_trials",
#     "test_map_holds_the_lowest_error_of_each_pair",
#     "test_pairs_without_an_error_are_nan",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t10"
def results_table(trials):
    pass


def error_map(table, row, column):
    pass
