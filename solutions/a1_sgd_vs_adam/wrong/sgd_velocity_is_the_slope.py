# /// variant
# misconception = "sgd-velocity-is-the-slope"
# fails = ["test_sgd_changes_no_argument_and_no_result"]
# hints = ["slopes-changed"]
# ///
# The first slope becomes the velocity, not a copy of it, and changes with it.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr / (1 + k * t)


def exponential(lr, t, k):
    return lr * np.exp(-k * t)


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.v = None
        self.t = 0

    def step(self, w, g):
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        if self.v is None:
            self.v = g
        else:
            self.v *= self.momentum
            self.v += g
        self.t += 1
        return w - rate * self.v
