# /// variant
# misconception = "split-pass"
# fails = [
#     "test_split_has_the_smallest_loss",
#     "test_equal_values_stay_on_one_side",
#     "test_large_targets_lose_no_digits",
#     "test_best_feature_wins",
#     "test_columns_are_spread_over_processes",
# ]
# hints = ["never-called"]
# ///
# Nothing is returned.


# %% task="a5_t6"
def split_column(x, y):
    pass


def best_split(table, y, workers, began):
    pass
