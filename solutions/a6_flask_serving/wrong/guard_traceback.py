# /// variant
# misconception = "traceback-shown"
# fails = ["test_our_own_mistakes_are_told_without_a_word_about_them"]
# hints = ["traceback-shown"]
# ///
# Traceback shown.


# %% task="a6_t4"
import traceback


def guard(app, is_ready):
    """Give a Flask application health checks, and answers to errors that show nothing."""
    app.config["MAX_CONTENT_LENGTH"] = 2**20

    @app.get("/health")
    def health():
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
        return {"error": traceback.format_exc()}, 500

    return app
