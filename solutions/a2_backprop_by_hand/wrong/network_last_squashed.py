# /// variant
# misconception = "network-last-squashed"
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
# hints = ["last-layer-squashed"]
# ///
# The last layer is squashed too.


# %% task="a2_t5"
def forward(layers, x, activation="tanh"):
    """Return [x, a_1, ..., a_(L-1), y]: what goes into each layer, and what the last one says."""
    outputs = [x]
    for number, (w, b) in enumerate(layers, start=1):
        z = outputs[-1] @ w + b
        if True:
            z = np.tanh(z) if activation == "tanh" else np.maximum(z, 0.0)
        outputs.append(z)
    return outputs


def slopes_of_outputs(y, t, loss):
    """Return the loss, and its slopes with respect to y."""
    if loss == "mse":
        return np.mean((y - t) ** 2), 2.0 * (y - t) / y.size
    shifted = y - y.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    of_labels = np.eye(y.shape[1])[t]
    return -np.sum(log_p * of_labels) / len(y), (np.exp(log_p) - of_labels) / len(y)


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    """Return (loss, [(dw, db), ...]), with one pair of slopes a layer."""
    outputs = forward(layers, x, activation)
    value, upstream = slopes_of_outputs(outputs[-1], t, loss)
    slopes = []
    for number in range(len(layers) - 1, -1, -1):
        a = outputs[number]
        slopes.insert(0, (a.T @ upstream, upstream.sum(axis=0)))
        if number > 0:
            upstream = upstream @ layers[number][0].T
            upstream = upstream * (1.0 - a**2 if activation == "tanh" else a > 0.0)
    return value, slopes


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    """Return new layers after one step of gradient descent; the old ones stay as they are."""
    _, slopes = loss_and_slopes(layers, x, t, activation, loss)
    return [(w - lr * dw, b - lr * db) for (w, b), (dw, db) in zip(layers, slopes, strict=True)]
