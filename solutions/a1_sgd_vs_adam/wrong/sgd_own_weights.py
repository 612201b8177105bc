# /// variant
# misconception = "sgd-own-weights"
# fails = ["test_without_momentum_it_is_plain_descent", "test_velocity_remembers_past_slopes"]
# hints = ["own-weights"]
# ///
# It keeps weights of its own and goes on from these, whatever it is given.


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
            self.w = w
        rate = self.lr
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        self.w = self.w - rate * self.v
        return self.w
