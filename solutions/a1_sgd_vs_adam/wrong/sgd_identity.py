# /// variant
# misconception = "sgd-identity"
# fails = [
#     "test_without_momentum_it_is_plain_descent",
#     "test_velocity_remembers_past_slopes",
#     "test_schedule_is_asked_with_the_steps_already_taken",
#     "test_schedule_scales_the_step_and_not_the_velocity",
#     "test_decays_follow_their_formulas",
#     "test_sgd_changes_no_argument_and_no_result",
#     "test_two_sgds_know_nothing_of_each_other",
#     "test_saved_velocity_and_count_can_be_set_again",
#     "test_sgd_takes_weights_of_any_shape",
# ]
# hints = []
# ///
# Rates and weights come back as they went in.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return lr


def exponential(lr, t, k):
    return lr


class SGD:
    v = None
    t = 0

    def __init__(self, lr, momentum=0.0, schedule=None):
        pass

    def step(self, w, g):
        return w
