# /// variant
# misconception = "no-timeout"
# fails = ["test_patience_fits_the_slowest_answer"]
# hints = ["no-timeout"]
# ///
# No timeout.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = max(30, math.ceil(3 * slowest_s))
    return {
        "workers": min(2 * cores + 1, 16),
        "timeout": 0,
        "graceful_timeout": patience,
        "preload_app": False,
    }
