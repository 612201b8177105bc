# /// variant
# misconception = "stopping-constant"
# fails = [
#     "test_stops_when_the_patience_is_used_up",
#     "test_only_a_lower_error_is_an_improvement",
#     "test_keeps_the_best_weights_and_their_error",
#     "test_kept_weights_stay_as_they_were",
# ]
# hints = []
# ///
# Never stops and keeps nothing.


# %% task="a1_t9"
class EarlyStopping:
    best_error = np.inf
    best_weights = None

    def __init__(self, patience):
        self.patience = patience

    def update(self, error, w):
        return False


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
