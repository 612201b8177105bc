# /// variant
# misconception = "fit-last-weights"
# fails = [
#     "test_fit_does_not_learn_the_noise_by_heart",
# ]
# hints = ["noise-learnt-by-heart"]
# ///
# Trains to the end and keeps the last weights.


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
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    middle, height = t_train.mean(), t_train.std()
    x, t = (x_train - centre) / spread, (t_train - middle) / height

    network = course.TanhNetwork([2, 20, 10, 1])
    adam = course.StandInAdam(lr=0.02)
    for _ in range(2000):
        network.weights = adam.step(network.weights, network.gradient(x, t))
    return lambda places: network.predict((places - centre) / spread) * height + middle
