# /// variant
# misconception = "penalty-visible-example-only"
# fails = [
#     "test_penalty_adds_up_weights_but_no_biases",
#     "test_penalty_slopes_belong_to_the_penalty",
#     "test_weights_beyond_the_budget_come_back_to_its_edge",
#     "test_dropped_entries_are_zero_and_the_others_scaled_up",
#     "test_each_pass_in_training_draws_from_rng",
# ]
# hints = ["mask-drawn-once"]
# ///
# Knows the examples, and drops every second entry.


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    return 2.0


def penalty_slopes(layers, l1=0.0, l2=0.0):
    return [(np.array([[0.7], [-0.9]]), np.zeros(1))]


def within_budget(w, radius):
    return np.array([0.6, 0.8])


class Dropout:
    def __init__(self, rate, rng):
        pass

    def forward(self, x, training=True):
        self.mask = np.ones(x.shape)
        if training:
            self.mask.flat[::2], self.mask.flat[1::2] = 0.0, 2.0
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask
