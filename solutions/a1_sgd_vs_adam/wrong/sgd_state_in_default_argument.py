# /// variant
# misconception = "sgd-state-in-default-argument"
# fails = ["test_two_sgds_know_nothing_of_each_other"]
# hints = ["state-shared"]
# ///
# A dict as default argument is made once, and every optimizer writes into it.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr / (1 + k * t)


def exponential(lr, t, k):
    return lr * np.exp(-k * t)


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None, state={}):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.state = state
        self.t = 0

    @property
    def v(self):
        return self.state.get("v")

    @v.setter
    def v(self, value):
        self.state["v"] = value

    def step(self, w, g):
        if self.v is None or np.shape(self.v) != np.shape(w):
            self.v = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * self.v
