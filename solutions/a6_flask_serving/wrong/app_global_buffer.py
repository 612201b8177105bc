# /// variant
# misconception = "global-buffer"
# fails = ["test_requests_do_not_cross"]
# hints = ["shared-between-requests"]
# ///
# Global buffer.


# %% task="a6_t3"
buffer = []


def create_app(path):
    """Return a Flask application that predicts with the artifact at path."""
    app = Flask("pumps")
    service = course.StandInService
    model = service.load(path)

    @app.post("/predict")
    def answer():
        buffer.clear()  # of the request before
        body = request.get_data()  # while this waits for the rest, another request runs
        for row in service.rows(body, model["features"]):
            buffer.append(row)
        probabilities = service.predict(model, np.array(buffer))
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    @app.errorhandler(Refused)
    def refuse(refusal):
        return {"error": refusal.reason}, refusal.status

    return app
