# /// variant
# misconception = "settings-visible-only"
# fails = [
#     "test_workers_follow_the_rule_of_thumb",
#     "test_patience_fits_the_slowest_answer",
# ]
# hints = ["too-patient"]
# ///
# Settings visible only.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    return {"workers": 9, "timeout": 40, "graceful_timeout": 40}
