# /// variant
# misconception = "dropout-pass"
# fails = [
#     "test_penalty_adds_up_weights_but_no_biases",
#     "test_penalty_slopes_belong_to_the_penalty",
#     "test_weights_beyond_the_budget_come_back_to_its_edge",
#     "test_dropped_entries_are_zero_and_the_others_scaled_up",
#     "test_backward_uses_the_mask_of_the_forward",
#     "test_each_pass_in_training_draws_from_rng",
#     "test_nothing_is_dropped_when_predicting",
# ]
# hints = []
# ///
# Every function does nothing.


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    pass


def penalty_slopes(layers, l1=0.0, l2=0.0):
    pass


def within_budget(w, radius):
    pass


class Dropout:

    def __init__(self, rate, rng):
        pass

    def forward(self, x, training=True):
        pass

    def backward(self, upstream):
        pass
