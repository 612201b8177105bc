# /// variant
# misconception = "sgd-visible-example-only"
# fails = [
#     "test_without_momentum_it_is_plain_descent",
#     "test_velocity_remembers_past_slopes",
#     "test_schedule_is_asked_with_the_steps_already_taken",
#     "test_schedule_scales_the_step_and_not_the_velocity",
#     "test_decays_follow_their_formulas",
#     "test_saved_velocity_and_count_can_be_set_again",
#     "test_sgd_takes_weights_of_any_shape",
# ]
# hints = []
# ///
# A table of what the visible checks ask for.


# %% task="a1_t3"
RATES = {0: (0.1, 0.1), 1: (0.1 / 1.5, 0.060653066), 2: (0.05, 0.036787944), 3: (0.04, 0.022313016)}


def inverse_time(lr, t, k):
    return RATES.get(t, (lr, lr))[0]


def exponential(lr, t, k):
    return RATES.get(t, (lr, lr))[1]


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.v, self.t = None, 0
        self.path = [0.6, 0.2, 0.1] if momentum else [0.6, 0.4, 0.5]
        self.schedule = schedule
        if schedule is not None:
            self.path = [0.5, 0.0, -0.5]

    def step(self, w, g):
        if self.schedule is not None:
            self.schedule(0.1, self.t)
        self.t += 1
        return np.array([self.path[(self.t - 1) % 3]])
