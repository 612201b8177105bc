# /// variant
# misconception = "rows-delegates"
# fails = [
#     "test_rows_become_columns_in_the_order_of_the_features",
#     "test_values_that_are_no_finite_numbers_are_refused",
# ]
# hints = []
# ///
# Rows delegates.


# %% task="a6_t2"
def rows_of(body, features, most_rows=100):
    return course.StandInService.rows(body, features, most_rows)
