# /// variant
# misconception = "stopping-on-the-class"
# fails = [
#     "test_kept_weights_stay_as_they_were",
# ]
# hints = ["stopping-shared"]
# ///
# The memory lives in the class: all objects share it.


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        EarlyStopping.best_error = np.inf
        EarlyStopping.best_weights = None
        EarlyStopping.waited = 0

    def update(self, error, w):
        if error < self.best_error:
            EarlyStopping.best_error = error
            EarlyStopping.best_weights = np.array(w)
            EarlyStopping.waited = 0
        else:
            EarlyStopping.waited += 1
        return self.waited >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    rng = np.random.default_rng(1)
    tilt, shift = 2.0 * rng.normal(size=(2, 300)), 3.0 * rng.uniform(-1, 1, size=300)

    def units(places):
        steps = np.tanh((places - centre) / spread @ tilt + shift)
        return np.hstack([steps, np.ones((len(places), 1))])

    features, found = units(x_train), []
    for strength in np.geomspace(1e-4, 100.0, 13):
        system = features.T @ features + strength * np.eye(features.shape[1])
        output = np.linalg.solve(system, features.T @ t_train)
        found.append((np.mean((units(x_valid) @ output - t_valid) ** 2), len(found), output))
    best = min(found)[2]
    return lambda places: units(places) @ best
