# /// variant
# misconception = "rows-pass"
# fails = [
#     "test_rows_become_columns_in_the_order_of_the_features",
#     "test_row_with_other_keys_is_refused_and_the_key_named",
#     "test_values_that_are_no_finite_numbers_are_refused",
# ]
# hints = []
# ///
# Rows pass.


# %% task="a6_t2"
def rows_of(body, features, most_rows=100):
    pass
