# /// variant
# misconception = "start-pass"
# fails = [
#     "test_spread_compares_units_in_weights_and_bias",
#     "test_truncated_normal_redraws_what_lies_beyond",
#     "test_starts_have_the_scale_of_xavier_and_he",
#     "test_starts_come_from_rng_with_biases_of_zero",
# ]
# hints = []
# ///
# Every function does nothing.


# %% task="a2_t10"
def unit_spread(w, b):
    pass


def truncated_normal(shape, sd, rng):
    pass


def start_layers(sizes, activation, rng):
    pass
