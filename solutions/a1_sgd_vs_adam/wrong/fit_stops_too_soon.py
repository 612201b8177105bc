# /// variant
# misconception = "fit-stops-too-soon"
# fails = [
#     "test_fit_finds_every_hill",
# ]
# hints = ["not-yet-fitted"]
# ///
# Trains for a few steps only.


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
    x_watch, t_watch = (x_valid - centre) / spread, (t_valid - middle) / height

    network = course.TanhNetwork([2, 20, 10, 1])
    adam, stopping = course.StandInAdam(lr=0.01), EarlyStopping(patience=40)
    for step in range(40):
        network.weights = adam.step(network.weights, network.gradient(x, t))
        if step % 5 == 0 and stopping.update(network.loss(x_watch, t_watch), network.weights):
            break
    network.weights = stopping.best_weights
    return lambda places: network.predict((places - centre) / spread) * height + middle
