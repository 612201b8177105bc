# /// variant
# misconception = "service-order-of-keys"
# fails = [
#     "test_sound_requests_are_answered",
#     "test_clients_that_hang_up_leave_a_service_behind",
# ]
# hints = []
# ///
# Service order of keys.


# %% task="a6_t9"
def create_service(path):
    """Return the whole application."""
    service = course.StandInService
    model = service.load(path)
    app = Flask("service")
    app.config["MAX_CONTENT_LENGTH"] = 2**20

    @app.post("/predict")
    def answer():
        service.rows(request.get_data(), model["features"])
        rows = np.array([list(row.values()) for row in request.get_json()["rows"]], dtype=float)
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
            return {"error": error.reason}, error.status
        if isinstance(error, HTTPException):
            return {"error": error.description or error.name}, error.code
        return {"error": "Something went wrong on our side."}, 500

    return app
