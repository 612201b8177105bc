# /// variant
# misconception = "sgd-decay-compounds"
# fails = [
#     "test_schedule_is_asked_with_the_steps_already_taken",
#     "test_schedule_scales_the_step_and_not_the_velocity",
#     "test_saved_velocity_and_count_can_be_set_again",
# ]
# hints = ["decay-compounds"]
# ///
# The learning rate is overwritten, so the decay decays.


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
        if self.schedule is not None:
            self.lr = self.schedule(self.lr, self.t)
        rate = self.lr
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * self.v
