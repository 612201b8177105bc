# /// variant
# misconception = "sgd-decays-mixed-up"
# fails = ["test_decays_follow_their_formulas"]
# hints = ["decays-mixed-up"]
# ///
# The two decays have changed places.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr * np.exp(-k * t)


def exponential(lr, t, k):
    return lr / (1 + k * t)


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.v = None
        self.t = 0

    def step(self, w, g):
        if self.v is None:
            self.v = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * self.v
