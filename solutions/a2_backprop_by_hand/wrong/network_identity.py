# /// variant
# misconception = "network-identity"
# fails = [
#     "test_forward_keeps_what_each_layer_is_given",
#     "test_loss_is_the_mean",
#     "test_slopes_of_all_weights",
#     "test_slopes_of_all_biases",
#     "test_slopes_through_relu",
#     "test_slopes_of_the_cross_entropy",
#     "test_one_layer_and_many",
#     "test_step_uses_the_old_weights_all_the_way_down",
#     "test_passes_change_no_argument",
# ]
# hints = []
# ///
# The network says what it is given.


# %% task="a2_t5"
def forward(layers, x, activation="tanh"):
    return [x] * (len(layers) + 1)


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    return 0.0, layers


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    return layers
