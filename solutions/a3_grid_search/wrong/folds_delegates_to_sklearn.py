# /// variant
# misconception = "folds-delegates-to-sklearn"
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
# scikit-learn's splitters.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    from sklearn.model_selection import train_test_split

    rest, held = train_test_split(np.arange(rows), test_size=test)
    train, chosen = train_test_split(rest, test_size=valid)
    return train, chosen, held


def stratified_folds(labels, k, rng):
    from sklearn.model_selection import StratifiedKFold

    seed = int(rng.integers(2**31))
    split = StratifiedKFold(k, shuffle=True, random_state=seed).split(labels, labels)
    return [held for _, held in split]


def cross_validate(folds, x, t, make_scaler, fit, error):
    from sklearn.model_selection import PredefinedSplit

    where = np.empty(len(x), dtype=int)
    for number, held in enumerate(folds):
        where[held] = number
    errors = []
    for rest, held in PredefinedSplit(where).split():
        scale = make_scaler(x[rest])
        errors.append(error(fit(scale(x[rest]), t[rest]), scale(x[held]), t[held]))
    return errors
