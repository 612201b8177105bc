# /// variant
# misconception = "sgd-decay-in-whole-numbers"
# fails = ["test_decays_follow_their_formulas"]
# hints = ["decay-in-whole-numbers"]
# ///
# The decay is rounded down, so the rate falls in jumps.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr / (1 + int(k * t))


def exponential(lr, t, k):
    return lr * np.exp(-int(k * t))


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
