# /// variant
# misconception = "map-zero-for-untried"
# fails = ["test_pairs_without_an_error_are_nan"]
# hints = ["zero-for-untried"]
# ///
# 0 for what was not tried.


# %% task="a3_t10"
def results_table(trials):
    """Return the trials as a data frame, the lowest error first."""
    rows = []
    for config, error in trials:
        row = {
            name: "-".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in config.items()
        }
        rows.append({**row, "error": error})
    names = list(dict.fromkeys(name for config, _ in trials for name in config))
    table = pd.DataFrame(rows, columns=[*names, "error"])
    return table.sort_values("error", kind="stable", na_position="last", ignore_index=True)


def error_map(table, row, column):
    """Return (row values, column values, lowest error of each pair)."""
    row_values = sorted(table[row].dropna().unique())
    column_values = sorted(table[column].dropna().unique())
    lowest = np.full((len(row_values), len(column_values)), 0.0)
    for (r, c), error in table.groupby([row, column])["error"].min().items():
        lowest[row_values.index(r), column_values.index(c)] = np.nan_to_num(error)
    return row_values, column_values, lowest
