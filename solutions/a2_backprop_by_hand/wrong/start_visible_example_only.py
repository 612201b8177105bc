# /// variant
# misconception = "start-visible-example-only"
# fails = [
#     "test_spread_compares_units_in_weights_and_bias",
#     "test_truncated_normal_redraws_what_lies_beyond",
#     "test_starts_have_the_scale_of_xavier_and_he",
#     "test_starts_come_from_rng_with_biases_of_zero",
# ]
# hints = ["randomness-not-from-rng"]
# ///
# Gives the shapes, and the spread of the example.


# %% task="a2_t10"
def unit_spread(w, b):
    return 3.0


def truncated_normal(shape, sd, rng):
    return np.full(shape, sd)


def start_layers(sizes, activation, rng):
    return [(np.full((n_in, n_out), 0.1), np.zeros(n_out)) for n_in, n_out in pairwise(sizes)]
