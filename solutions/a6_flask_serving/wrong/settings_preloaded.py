# /// variant
# misconception = "preloaded"
# fails = ["test_reload_brings_a_new_artifact_and_loses_nothing"]
# hints = ["preloaded"]
# ///
# Preloaded.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = max(30, math.ceil(3 * slowest_s))
    return {
        "workers": min(2 * cores + 1, 16),
        "timeout": patience,
        "graceful_timeout": patience,
        "preload_app": True,
    }
