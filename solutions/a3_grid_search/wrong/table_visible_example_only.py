# /// variant
# misconception = "table-visible-example-only"
# fails = [
#     "test_one_row_a_trial_lowest_error_first",
#     "test_missing_settings_and_no_trials",
#     "test_map_holds_the_lowest_error_of_each_pair",
#     "test_pairs_without_an_error_are_nan",
# ]
# hints = ["nan-pairs-dropped", "only-the-first-trials-names", "values-not-sorted"]
# ///
# Knows the examples of the notebook.


# %% task="a3_t10"
def results_table(trials):
    return pd.DataFrame(
        {"lr": [0.1, 0.1, 0.3], "layers": ["4", "8-8", "4"], "error": [1.5, 2.5, float("nan")]}
    )


def error_map(table, row, column):
    return [0.1, 0.3], ["4", "8-8"], [[1.5, 2.5], [float("nan"), float("nan")]]
