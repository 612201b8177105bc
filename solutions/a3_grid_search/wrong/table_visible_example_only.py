# /// variant
# misconception = "table-visible-example-only"
# fails = ["test_x"]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a3_t10"
def results_table(trials):
    return pd.DataFrame(
        {"lr": [0.1, 0.1, 0.3], "layers": ["4", "8-8", "4"], "error": [1.5, 2.5, float("nan")]}
    )


def error_map(table, row, column):
    return [0.1, 0.3], ["4", "8-8"], [[1.5, 2.5], [float("nan"), float("nan")]]
