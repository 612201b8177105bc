# /// variant
# misconception = "service-all-400"
# fails = ["test_odd_and_hostile_requests_are_refused"]
# hints = []
# ///
# Service all 400.


# %% task="a6_t9"
def create_service(path):
    """Return the whole application."""
    service = course.StandInService
    model = service.load(path)
    app = Flask("service")
    app.config["MAX_CONTENT_LENGTH"] = 2**20

    @app.post("/predict")
    def answer():
        rows = service.rows(request.get_data(), model["features"])
        probabilities = service.predict(model, rows)
        return {"version": model["version"], "probabilities": probabilities.tolist()}

    @app.get("/health")
    def health():
        return {"status": "alive"}

    @app.get("/ready")
    def ready():
        return {"status": "ready"}

    @app.errorhandler(Exception)
    def explain(error):
        if isinstance(error, Refused):
            return {"error": error.reason}, 400
        if isinstance(error, HTTPException):
            return {"error": error.description or error.name}, error.code
        return {"error": "Something went wrong on our side."}, 500

    return app
