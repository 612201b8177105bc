# /// variant
# misconception = "fractions-of-seconds"
# fails = ["test_patience_fits_the_slowest_answer"]
# hints = ["seconds-with-a-fraction"]
# ///
# Fractions of seconds.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = max(30.0, 3.0 * slowest_s)
    return {
        "workers": min(2 * cores + 1, 16),
        "timeout": patience,
        "graceful_timeout": patience,
        "preload_app": False,
    }
