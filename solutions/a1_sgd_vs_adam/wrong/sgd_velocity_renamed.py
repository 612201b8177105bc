# /// variant
# misconception = "sgd-velocity-renamed"
# fails = ["test_saved_velocity_and_count_can_be_set_again"]
# hints = ["state-renamed"]
# ///
# The velocity has another name, so a saved one cannot be set again.


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
        self.velocity = None
        self.t = 0

    def step(self, w, g):
        if self.velocity is None:
            self.velocity = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.velocity = self.momentum * self.velocity + g
        self.t += 1
        return w - rate * self.velocity
