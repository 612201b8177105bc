# /// variant
# misconception = "buffer-grows"
# fails = ["test_requests_do_not_cross"]
# hints = ["shared-between-requests"]
# ///
# Buffer grows.


# %% task="a6_t3"
buffer = []


def create_app(path):
    """Return a Flask application that predicts with the artifact at path."""
    app = Flask("pumps")
    service = course.StandInService
    model = service.load(path)

    @app.post("/predict")
    def answer():
        rows = service.rows(request.get_data(), model["features"])
        buffer.extend(rows)
        probabilities = service.predict(model, np.array(buffer))
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    @app.errorhandler(Refused)
    def refuse(refusal):
        return {"error": refusal.reason}, refusal.status

    return app
