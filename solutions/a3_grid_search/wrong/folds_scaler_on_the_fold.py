# /// variant
# misconception = "folds-scaler-on-the-fold"
# fails = ["test_scalers_see_training_rows_only", "test_one_error_a_fold_in_order"]
# hints = ["scaler-fitted-on-the-fold"]
# ///
# The held-out fold is scaled by itself.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    """Return the row numbers (train, valid, test) of three folds, in random order."""
    if valid < 0 or test < 0 or valid + test >= rows:
        raise ValueError(f"{rows} rows leave nothing to train with")
    order = rng.permutation(rows)
    return order[valid + test :], order[:valid], order[valid : valid + test]


def stratified_folds(labels, k, rng):
    """Return k arrays of row numbers, in each of which every class has its share."""
    labels = np.asarray(labels)
    if not 2 <= k <= len(labels):
        raise ValueError(f"{len(labels)} rows cannot be dealt into {k} folds")
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
        errors.append(error(model, make_scaler(x[held])(x[held]), t[held]))
    return errors
