# /// variant
# misconception = "sgd-schedule-asked-twice"
# fails = ["test_schedule_is_asked_with_the_steps_already_taken"]
# hints = ["schedule-asked-twice"]
# ///
# The schedule is asked once to test whether it answers, and once for the rate.


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
        if self.v is None:
            self.v = np.zeros_like(w)
        rate = self.lr
        if self.schedule is not None and self.schedule(self.lr, self.t) > 0:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * self.v
