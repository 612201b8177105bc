# /// variant
# misconception = "scale-forgotten"
# fails = ["test_prediction_is_that_of_training"]
# hints = ["scale-forgotten"]
# ///
# Scale forgotten.


# %% task="a6_t1"
def predict(model, rows):
    """Return the probability of each row, shape (n,)."""
    values = rows - model["mean"]
    for number, (weights, bias) in enumerate(model["layers"]):
        if number > 0:
            values = np.tanh(values)
        values = values @ weights + bias
    return 1.0 / (1.0 + np.exp(-values[:, 0]))


def save_artifact(path, model):
    """Write a model, with all that a prediction needs, into one JSON file."""
    layers = [{"weights": w.tolist(), "bias": b.tolist()} for w, b in model["layers"]]
    artifact = {
        "format": 1,
        "version": model["version"],
        "features": list(model["features"]),
        "mean": model["mean"].tolist(),
        "scale": model["scale"].tolist(),
        "layers": layers,
    }
    Path(path).write_text(json.dumps(artifact, allow_nan=False), encoding="utf-8")


def load_artifact(path):
    """Return the model in a file, or raise ValueError."""
    artifact = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(artifact, dict) or artifact.get("format") != 1:
        raise ValueError("this is no artifact of format 1")
    try:
        layers = [(floats(one["weights"]), floats(one["bias"])) for one in artifact["layers"]]
        mean, scale = floats(artifact["mean"]), floats(artifact["scale"])
        model = {"version": artifact["version"], "features": artifact["features"]}
    except (KeyError, TypeError) as error:
        raise ValueError(f"the artifact lacks a part: {error}") from error
    count = len(model["features"])
    if not layers or not len(mean) == len(scale) == len(layers[0][0]) == count:
        raise ValueError(f"{count} features need as many means, scales and rows of weights")
    if not np.all(scale > 0):
        raise ValueError("a scale is not above zero")
    return {**model, "mean": mean, "scale": scale, "layers": layers}


def floats(numbers):
    """Return nested lists as a float64 array whose entries are finite."""
    array = np.array(numbers, dtype=np.float64)
    if not np.all(np.isfinite(array)):
        raise ValueError("the artifact holds a number that is not finite")
    return array
