# /// variant
# misconception = "load-per-request"
# fails = ["test_artifact_is_read_once"]
# hints = ["loaded-per-request"]
# ///
# Load per request.


# %% task="a6_t3"
def create_app(path):
    """Return a Flask application that predicts with the artifact at path."""
    app = Flask("pumps")
    service = course.StandInService
    model = service.load(path)

    @app.post("/predict")
    def answer():
        model = service.load(path)
        rows = service.rows(request.get_data(), model["features"])
        probabilities = service.predict(model, rows)
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    @app.errorhandler(Refused)
    def refuse(refusal):
        return {"error": refusal.reason}, refusal.status

    return app
