# /// variant
# misconception = "sgd-nesterov"
# fails = [
#     "test_velocity_remembers_past_slopes",
#     "test_schedule_scales_the_step_and_not_the_velocity",
# ]
# hints = ["nesterov"]
# ///
# Nesterov's momentum, which adds the slope once more.


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
        if self.schedule is not None:
            rate = self.schedule(self.lr, self.t)
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * (g + self.momentum * self.v)
