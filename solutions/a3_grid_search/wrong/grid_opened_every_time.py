# /// variant
# misconception = "grid-opened-every-time"
# fails = ["test_test_set_is_opened_once_and_last", "test_search_without_a_choice_keeps_the_seal"]
# hints = ["test-set-opened-every-time"]
# ///
# Looks at the test set in every round.


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
        trials.append((config, error(model, *valid)))
        tested = error(model, *open_test())
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
