# /// variant
# misconception = "service-constant"
# fails = ["test_sound_requests_are_answered"]
# hints = []
# ///
# Service constant.


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
        return {"version": model["version"], "probabilities": [0.5] * len(rows)}

    @app.get("/health")
    def health():
        return {"status": "alive"}

    @app.get("/ready")
    def ready():
        return {"status": "ready"}

    @app.errorhandler(Exception)
    def explain(error):
        if isinstance(error, Refused):
            return {"error": error.reason}, error.status
        if isinstance(error, HTTPException):
            return {"error": error.description or error.name}, error.code
        return {"error": "Something went wrong on our side."}, 500

    return app
