# /// variant
# misconception = "map-highest"
# fails = ["test_map_holds_the_lowest_error_of_each_pair"]
# hints = ["highest-for-lowest"]
# ///
# The highest error of each pair.


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
    lowest = np.full((len(row_values), len(column_values)), np.nan)
    for (r, c), error in table.groupby([row, column])["error"].max().items():
        lowest[row_values.index(r), column_values.index(c)] = error
    return row_values, column_values, lowest
