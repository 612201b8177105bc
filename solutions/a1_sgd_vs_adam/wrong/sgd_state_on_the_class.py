# /// variant
# misconception = "sgd-state-on-the-class"
# fails = ["test_two_sgds_know_nothing_of_each_other"]
# hints = ["state-shared"]
# ///
# The velocity belongs to the class, so all optimizers share it.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr / (1 + k * t)


def exponential(lr, t, k):
    return lr * np.exp(-k * t)


class SGD:
    v = None

    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.t = 0

    def step(self, w, g):
        if SGD.v is None or np.shape(SGD.v) != np.shape(w):
            SGD.v = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        SGD.v = self.momentum * SGD.v + g
        self.t += 1
        return w - rate * SGD.v
