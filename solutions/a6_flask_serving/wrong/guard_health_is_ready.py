# /// variant
# misconception = "health-is-readiness"
# fails = ["test_alive_is_not_ready"]
# hints = ["health-is-readiness"]
# ///
# Health is readiness.


# %% task="a6_t4"
def guard(app, is_ready):
    """Give a Flask application health checks, and answers to errors that show nothing."""
    app.config["MAX_CONTENT_LENGTH"] = 2**20

    @app.get("/health")
    def health():
        if not is_ready():
            return {"status": "dead"}, 503
        return {"status": "alive"}

    @app.get("/ready")
    def ready():
        try:
            if is_ready():
                return {"status": "ready"}
        except Exception:
            app.logger.exception("it cannot be told whether the service is ready")
        return {"status": "not ready"}, 503

    @app.errorhandler(Refused)
    def refuse(refusal):
        return {"error": refusal.reason}, refusal.status

    @app.errorhandler(HTTPException)
    def explain(error):
        return {"error": error.description or error.name}, error.code

    @app.errorhandler(Exception)
    def hide(error):
        app.logger.error("a request failed", exc_info=error)
        return {"error": "Something went wrong on our side."}, 500

    return app
