# /// variant
# misconception = "folds-nothing-refused"
# fails = [
#     "test_three_folds_are_drawn_and_leave_rows_to_train",
#     "test_deals_that_cannot_be_are_refused",
# ]
# hints = ["impossible-folds-accepted", "too-many-folds"]
# ///
# Impossible folds are dealt all the same.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    """Return the row numbers (train, valid, test) of three folds, in random order."""
    order = rng.permutation(rows)
    return order[valid + test :], order[:valid], order[valid : valid + test]


def stratified_folds(labels, k, rng):
    """Return k arrays of row numbers, in each of which every class has its share."""
    labels = np.asarray(labels)
    by_class = [rng.permutation(np.flatnonzero(labels == c)) for c in np.unique(labels)]
    dealt = np.concatenate(by_class)
    return [dealt[fold::k] for fold in range(k)]


def cross_validate(folds, x, t, make_scaler, fit, error):
    """Return one error a fold, of a model that has seen nothing of that fold."""
    errors = []
    for held in folds:
        rest = np.setdiff1d(np.arange(len(x)), held)
        scale = make_scaler(x[rest])
        model = fit(scale(x[rest]), t[rest])
        errors.append(error(model, scale(x[held]), t[held]))
    return errors
