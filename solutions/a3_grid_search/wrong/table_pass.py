# /// variant
# misconception = "table-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t10"
def results_table(trials):
    pass


def error_map(table, row, column):
    pass
