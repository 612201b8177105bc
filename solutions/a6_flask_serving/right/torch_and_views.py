# PyTorch in float32 predicts, Flask's views are classes, and the guard stands around the app.

# %% task="a6_t1"
import torch


def predict(model, rows):
    def as_tensor(array):
        return torch.as_tensor(np.array(array), dtype=torch.float32)

    values = as_tensor((rows - model["mean"]) / model["scale"])
    *hidden, last = model["layers"]
    for weights, bias in hidden:
        values = torch.tanh(values @ as_tensor(weights) + as_tensor(bias))
    return torch.sigmoid(values @ as_tensor(last[0]) + as_tensor(last[1])).reshape(-1).numpy()


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


# %% task="a6_t3"
from flask.views import MethodView


class Predict(MethodView):
    def __init__(self, model):
        self.model = model

    def post(self):
        try:
            rows = course.StandInService.rows(request.data, self.model["features"])
        except Refused as refusal:
            return jsonify(error=refusal.reason), refusal.status
        found = course.StandInService.predict(self.model, rows).astype(np.float32)
        return jsonify(probabilities=[float(one) for one in found], version=self.model["version"])


def create_app(path):
    app = Flask(__name__)
    app.add_url_rule(
        "/predict", view_func=Predict.as_view("predict", course.StandInService.load(path))
    )
    return app


# %% task="a6_t4"
def guard(app, is_ready):
    def ready():
        try:
            good = bool(is_ready())
        except Exception:
            good = False
        return jsonify(status="ready" if good else "not ready"), 200 if good else 503

    def on_error(error):
        if isinstance(error, Refused):
            return jsonify(error=error.reason), error.status
        if isinstance(error, HTTPException):
            reply = error.get_response()
            reply.data = json.dumps({"error": error.name})
            reply.content_type = "application/json"
            return reply
        return jsonify(error="internal error"), 500

    app.config.update(MAX_CONTENT_LENGTH=1024 * 1024)
    app.add_url_rule("/health", "health", lambda: jsonify(status="alive"))
    app.add_url_rule("/ready", "ready", ready)
    app.register_error_handler(Exception, on_error)
    return app


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    return {
        "workers": 16 if cores > 7 else 1 + cores + cores,
        "timeout": int(5 * slowest_s) + 2,
        "graceful_timeout": int(2 * slowest_s) + 1,
        "worker_class": "gthread",
        "threads": 2,
    }


# %% task="a6_t9"
def create_service(path):
    return guard(create_app(path), lambda: True)
