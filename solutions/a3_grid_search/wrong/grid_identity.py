# /// variant
# misconception = "grid-identity"
# fails = [
#     "test_every_combination_in_order",
#     "test_grids_without_names_or_values",
#     "test_each_combination_is_made_trained_and_measured_once",
#     "test_lowest_validation_error_is_chosen",
#     "test_test_set_is_opened_once_and_last",
#     "test_other_test_labels_change_nothing_but_the_report",
#     "test_search_without_a_choice_keeps_the_seal",
# ]
# hints = []
# ///
# The first argument comes back.


# %% task="a3_t5"
def combinations(grid):
    return grid


def grid_search(grid, make, fit, error, train, valid, open_test):
    return grid
