# /// variant
# misconception = "sgd-result-reused"
# fails = ["test_sgd_changes_no_argument_and_no_result"]
# hints = ["result-reused"]
# ///
# One array is allocated for all results, so a step overwrites the one before.


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
        self.new = np.zeros(0)

    def step(self, w, g):
        if self.v is None:
            self.v = np.zeros_like(w)
        if self.t == 0 or self.new.shape != w.shape:
            self.new = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        self.new[...] = w - rate * self.v
        return self.new
