# /// variant
# misconception = "refusal-unanswered"
# fails = ["test_refusals_are_told_as_json"]
# hints = ["refusal-not-answered"]
# ///
# Refusal unanswered.


# %% task="a6_t3"
def create_app(path):
    """Return a Flask application that predicts with the artifact at path."""
    app = Flask("pumps")
    service = course.StandInService
    model = service.load(path)

    @app.post("/predict")
    def answer():
        rows = service.rows(request.get_data(), model["features"])
        probabilities = service.predict(model, rows)
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    return app
