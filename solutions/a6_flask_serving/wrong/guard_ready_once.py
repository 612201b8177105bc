# /// variant
# misconception = "readiness-once"
# fails = ["test_alive_is_not_ready"]
# hints = ["readiness-asked-once"]
# ///
# Readiness once.


# %% task="a6_t4"
def guard(app, is_ready):
    """Give a Flask application health checks, and answers to errors that show nothing."""
    first = []
    app.config["MAX_CONTENT_LENGTH"] = 2**20

    @app.get("/health")
    def health():
        return {"status": "alive"}

    @app.get("/ready")
    def ready():
        try:
            if not first:
                first.append(is_ready())
            if first[0]:
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
