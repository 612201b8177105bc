# /// variant
# misconception = "fit-two-classes"
# fails = ["test_tells_three_classes_apart"]
# hints = ["two-classes-only"]
# ///
# Two outputs, whatever comes.


# %% task="a2_t11"
def answers_of(w, b, x):
    """Return what each layer of a tanh network is given, and its logits."""
    outputs = [x]
    for k in range(len(w)):
        z = outputs[-1] @ w[k] + b[k]
        outputs.append(np.tanh(z) if k < len(w) - 1 else z)
    return outputs


def slopes_of(w, b, x, one_hot):
    """Return the slopes of the mean cross-entropy: those of w, then those of b."""
    outputs = answers_of(w, b, x)
    e = np.exp(outputs[-1] - outputs[-1].max(axis=1, keepdims=True))
    upstream = (e / e.sum(axis=1, keepdims=True) - one_hot) / len(x)
    dw, db = [], []
    for k in range(len(w) - 1, -1, -1):
        dw.insert(0, outputs[k].T @ upstream)
        db.insert(0, upstream.sum(axis=0))
        upstream = (upstream @ w[k].T) * (1.0 - outputs[k] ** 2)
    return dw + db


def fit_classes(x_train, labels_train, x_valid, labels_valid):
    """Return a function that takes points, shape (n, 2), and returns labels, shape (n,)."""
    rng = np.random.default_rng(0)
    mean, sd = x_train.mean(axis=0), x_train.std(axis=0)
    x, valid = (x_train - mean) / sd, (x_valid - mean) / sd
    classes = 2
    one_hot = np.eye(classes)[np.minimum(labels_train, 1)]
    sizes = [2, 24, 24, classes]
    depth = len(sizes) - 1
    weights = [
        rng.normal(0.0, np.sqrt(2.0 / (sizes[k] + sizes[k + 1])), (sizes[k], sizes[k + 1]))
        for k in range(depth)
    ]
    weights += [np.zeros(n) for n in sizes[1:]]
    m, v = ([np.zeros(p.shape) for p in weights] for _ in range(2))
    best_accuracy, best = -1.0, weights
    for t in range(1, 401):
        slopes = slopes_of(weights[:depth], weights[depth:], x, one_hot)
        for k in range(len(weights)):  # Adam
            m[k] = 0.9 * m[k] + 0.1 * slopes[k]
            v[k] = 0.99 * v[k] + 0.01 * slopes[k] ** 2
            step = m[k] / (1.0 - 0.9**t) / (np.sqrt(v[k] / (1.0 - 0.99**t)) + 1e-8)
            weights[k] = weights[k] - 0.03 * step
        if t % 20 == 0:
            labels = answers_of(weights[:depth], weights[depth:], valid)[-1].argmax(axis=1)
            accuracy = np.mean(labels == labels_valid)
            if accuracy > best_accuracy:
                best_accuracy, best = accuracy, list(weights)

    def predict(points):
        return answers_of(best[:depth], best[depth:], (points - mean) / sd)[-1].argmax(axis=1)

    return predict
