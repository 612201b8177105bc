# /// variant
# misconception = "development-reload"
# fails = ["test_nothing_belongs_to_development"]
# hints = ["development-reload"]
# ///
# Development reload.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = max(30, math.ceil(3 * slowest_s))
    return {
        "workers": min(2 * cores + 1, 16),
        "timeout": patience,
        "graceful_timeout": patience,
        "reload": True,
    }
