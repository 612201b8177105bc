# /// variant
# misconception = "fit-nearest-sample"
# fails = [
#     "test_fit_does_not_learn_the_noise_by_heart",
# ]
# hints = ["noise-learnt-by-heart"]
# ///
# Gives each place the height of the sample nearest to it.


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.waited = 0

    def update(self, error, w):
        if error < self.best_error:
            self.best_error = error
            self.best_weights = np.array(w)
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    x, t = np.vstack([x_train, x_valid]), np.vstack([t_train, t_valid])

    def predict(places):
        distances = ((places[:, None] - x) ** 2).sum(axis=2)
        return t[np.argmin(distances, axis=1)]

    return predict
