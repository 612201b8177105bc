# /// variant
# misconception = "grid-zip"
# fails = [
#     "test_every_combination_in_order",
#     "test_grids_without_names_or_values",
#     "test_each_combination_is_made_trained_and_measured_once",
#     "test_lowest_validation_error_is_chosen",
#     "test_search_without_a_choice_keeps_the_seal",
# ]
# hints = ["zip-for-product"]
# ///
# Combines only values at the same place.


# %% task="a3_t5"
def combinations(grid):
    """Return every combination of the grid's values as a list of dictionaries."""
    return [dict(zip(grid, values)) for values in zip(*grid.values())]


def grid_search(grid, make, fit, error, train, valid, open_test):
    """Try every combination, choose by validation, open the test set once."""
    trials = []
    best_config, best_error, best_model = None, math.inf, None
    for config in combinations(grid):
        model = make(dict(config))
        fit(model, *train)
        trials.append((config, error(model, *valid)))
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
