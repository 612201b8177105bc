# /// variant
# misconception = "grid-visible-example-only"
# fails = [
#     "test_every_combination_in_order",
#     "test_grids_without_names_or_values",
#     "test_each_combination_is_made_trained_and_measured_once",
#     "test_lowest_validation_error_is_chosen",
#     "test_test_set_is_opened_once_and_last",
#     "test_other_test_labels_change_nothing_but_the_report",
#     "test_search_without_a_choice_keeps_the_seal",
# ]
# hints = ["test-rows-not-measured"]
# ///
# Knows the examples of the notebook.


# %% task="a3_t5"
def combinations(grid):
    if not grid:
        return [{}]
    return [{"lr": lr, "layers": layers} for lr in (0.1, 0.01) for layers in ([4], [8], [8, 8])]


def grid_search(grid, make, fit, error, train, valid, open_test):
    open_test()
    return {"config": {"guess": 2.0}, "valid_error": 0.1, "test_error": 1.0, "trials": [1, 2, 3]}
