# /// variant
# misconception = "network-visible-example-only"
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
# Knows the network of the example.


# %% task="a2_t5"
def forward(layers, x, activation="tanh"):
    return [np.array([[1.0]]), np.array([[2.0]]), np.array([[6.0]])]


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    first, last = ((np.array([[dw]]), np.array([db])) for dw, db in ((6.0, 6.0), (4.0, 2.0)))
    return 1.0, [first, last]


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    return [(np.array([[1.4]]), np.zeros(1)), (np.array([[2.6]]), np.zeros(1))]
