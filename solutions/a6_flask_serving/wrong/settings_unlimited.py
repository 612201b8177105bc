# /// variant
# misconception = "workers-unlimited"
# fails = ["test_workers_follow_the_rule_of_thumb"]
# hints = ["workers-without-limit"]
# ///
# Workers unlimited.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    """Return settings for gunicorn on a machine with so many cores."""
    patience = max(30, math.ceil(3 * slowest_s))
    return {
        "workers": 2 * cores + 1,
        "timeout": patience,
        "graceful_timeout": patience,
        "preload_app": False,
    }
