# /// variant
# misconception = "folds-each-class-from-the-first"
# fails = ["test_every_class_is_dealt_evenly", "test_deals_that_cannot_be_are_refused"]
# hints = ["every-class-begins-at-the-first-fold"]
# ///
# Every class begins at the first fold, which so grows.


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
    return [np.concatenate([rows[fold::k] for rows in by_class]) for fold in range(k)]


def cross_validate(folds, x, t, make_scaler, fit, error):
    """Return one error a fold, of a model that has seen nothing of that fold."""
    errors = []
    for held in folds:
        rest = np.setdiff1d(np.arange(len(x)), held)
        scale = make_scaler(x[rest])
        model = fit(scale(x[rest]), t[rest])
        errors.append(error(model, scale(x[held]), t[held]))
    return errors
