# /// variant
# misconception = "stopping-first-infinity-counts"
# fails = [
#     "test_only_a_lower_error_is_an_improvement",
# ]
# hints = ["first-error-always-best"]
# ///
# Lower than all before it: then a first error that is infinite is lower, too.


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.before, self.waited = [], 0

    def update(self, error, w):
        if not np.isnan(error) and all(error < earlier for earlier in self.before):
            self.best_error = error
            self.best_weights = np.array(w)
            self.waited = 0
        else:
            self.waited += 1
        if not np.isnan(error):
            self.before.append(error)
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
