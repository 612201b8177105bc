# /// variant
# misconception = "grid-by-test-error"
# fails = [
#     "test_each_combination_is_made_trained_and_measured_once",
#     "test_lowest_validation_error_is_chosen",
#     "test_test_set_is_opened_once_and_last",
#     "test_other_test_labels_change_nothing_but_the_report",
#     "test_search_without_a_choice_keeps_the_seal",
# ]
# hints = ["chosen-by-test-error", "test-set-opened-every-time"]
# ///
# Chooses by the test error.


# %% task="a3_t5"
def combinations(grid):
    """Return every combination of the grid's values as a list of dictionaries."""
    found = [{}]
    for name, values in grid.items():
        found = [{**config, name: value} for config in found for value in values]
    return found


def grid_search(grid, make, fit, error, train, valid, open_test):
    """Try every combination, choose by validation, open the test set once."""
    trials = []
    best_config, best_error, best_model = None, math.inf, None
    for config in combinations(grid):
        model = make(dict(config))
        fit(model, *train)
        trials.append((config, error(model, *open_test())))
        if math.isfinite(trials[-1][1]) and trials[-1][1] < best_error:
            best_config, best_error, best_model = *trials[-1], model
    if best_config is None:
        raise ValueError("no combination gave a finite validation error")
    return {
        "config": best_config,
        "valid_error": best_error,
        "test_error": error(best_model, *open_test()),
        "trials": trials,
    }
