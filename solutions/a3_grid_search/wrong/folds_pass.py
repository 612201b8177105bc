# /// variant
# misconception = "folds-pass"
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
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    pass


def stratified_folds(labels, k, rng):
    pass


def cross_validate(folds, x, t, make_scaler, fit, error):
    pass
