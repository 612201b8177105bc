# /// variant
# misconception = "percent-served"
# fails = ["test_answers_are_those_of_the_model"]
# hints = ["probabilities-in-percent"]
# ///
# Percent served.


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
        return {"version": model["version"], "probabilities": (100 * probabilities).tolist()}

    @app.errorhandler(Refused)
    def refuse(refusal):
        return {"error": refusal.reason}, refusal.status

    return app
