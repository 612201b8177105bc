# /// variant
# misconception = "network-constant"
# fails = [
#     "test_forward_keeps_what_each_layer_is_given",
#     "test_loss_is_the_mean",
#     "test_slopes_of_all_weights",
#     "test_slopes_of_all_biases",
#     "test_slopes_through_relu",
#     "test_slopes_of_the_cross_entropy",
#     "test_one_layer_and_many",
#     "test_step_uses_the_old_weights_all_the_way_down",
# ]
# hints = []
# ///
# All outputs and all slopes are zero.


# %% task="a2_t5"
def forward(layers, x, activation="tanh"):
    return [x, *(np.zeros((len(x), len(b))) for _, b in layers)]


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    return 0.0, [(np.zeros(w.shape), np.zeros(b.shape)) for w, b in layers]


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    return [(w.copy(), b.copy()) for w, b in layers]
