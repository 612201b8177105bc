# /// variant
# misconception = "folds-visible-example-only"
# fails = [
#     "test_three_folds_hold_each_row_once",
#     "test_three_folds_are_drawn_and_leave_rows_to_train",
#     "test_every_class_is_dealt_evenly",
#     "test_rows_of_a_class_are_dealt_at_random",
#     "test_deals_that_cannot_be_are_refused",
#     "test_scalers_see_training_rows_only",
#     "test_models_train_on_the_other_folds",
#     "test_one_error_a_fold_in_order",
# ]
# hints = ["folds-overlap", "never-shuffled"]
# ///
# Knows the examples of the notebook.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    if rows == 5:
        raise ValueError("no row is left")
    return [0, 1, 2, 3, 4], [5, 6, 7], [8, 9]


def stratified_folds(labels, k, rng):
    return [[0, 3, 6], [1, 4], [2, 5]]


def cross_validate(folds, x, t, make_scaler, fit, error):
    make_scaler(x[2:])
    make_scaler(x[:2])
    return [-10.0, 10.0]
