# /// variant
# misconception = "impatient"
# fails = ["test_patience_fits_the_slowest_answer"]
# hints = ["impatient"]
# ///
# Impatient.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = math.ceil(1.2 * slowest_s) + 1
    return {
        "workers": min(2 * cores + 1, 16),
        "timeout": patience,
        "graceful_timeout": patience,
        "preload_app": False,
    }
