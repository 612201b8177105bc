# /// variant
# misconception = "fit-scaled-for-one-map"
# fails = [
#     "test_fit_takes_and_gives_other_units",
# ]
# hints = ["units-taken-as-they-come"]
# ///
# Scales by numbers that suit the map in kilometres, and no other.


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
    centre, spread, middle, height = 5.0, 3.0, 0.0, 2.0
    x, t = (x_train - centre) / spread, (t_train - middle) / height
    x_watch, t_watch = (x_valid - centre) / spread, (t_valid - middle) / height

    network = course.TanhNetwork([2, 20, 10, 1])
    adam, stopping = course.StandInAdam(lr=0.02), EarlyStopping(patience=40)
    for step in range(1000):
        network.weights = adam.step(network.weights, network.gradient(x, t))
        if step % 5 == 0 and stopping.update(network.loss(x_watch, t_watch), network.weights):
            break
    network.weights = stopping.best_weights
    return lambda places: network.predict((places - centre) / spread) * height + middle
