# /// variant
# misconception = "sgd-dampening"
# fails = [
#     "test_velocity_remembers_past_slopes",
#     "test_schedule_scales_the_step_and_not_the_velocity",
#     "test_saved_velocity_and_count_can_be_set_again",
# ]
# hints = ["dampening"]
# ///
# The slope enters the velocity as in a running average.


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
        self.v = self.momentum * self.v + (1 - self.momentum) * g
        self.t += 1
        return w - rate * self.v
