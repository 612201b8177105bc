# /// variant
# misconception = "settings-pass"
# fails = [
#     "test_workers_follow_the_rule_of_thumb",
#     "test_patience_fits_the_slowest_answer",
#     "test_reload_brings_a_new_artifact_and_loses_nothing",
# ]
# hints = []
# ///
# Settings pass.


# %% task="a6_t5"
def gunicorn_settings(cores, slowest_s):
    pass
