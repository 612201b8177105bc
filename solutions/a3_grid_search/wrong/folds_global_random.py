# /// variant
# misconception = "folds-global-random"
# fails = [
#     "test_three_folds_are_drawn_and_leave_rows_to_train",
#     "test_rows_of_a_class_are_dealt_at_random",
# ]
# hints = ["rng-ignored"]
# ///
# NumPy's global random numbers instead of rng.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    """Return the row numbers (train, valid, test) of three folds, in random order."""
    if valid < 0 or test < 0 or valid + test >= rows:
        raise ValueError(f"{rows} rows leave nothing to train with")
    order = np.random.permutation(rows)
    return order[valid + test :], order[:valid], order[valid : valid + test]


def stratified_folds(labels, k, rng):
    """Return k arrays of row numbers, in each of which every class has its share."""
    labels = np.asarray(labels)
    if not 2 <= k <= len(labels):
        raise ValueError(f"{len(labels)} rows cannot be dealt into {k} folds")
    by_class = [np.random.permutation(np.flatnonzero(labels == c)) for c in np.unique(labels)]
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
