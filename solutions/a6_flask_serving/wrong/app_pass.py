# /// variant
# misconception = "app-pass"
# fails = [
#     "test_answers_are_those_of_the_model",
#     "test_artifact_is_read_once",
#     "test_requests_do_not_cross",
# ]
# hints = []
# ///
# App pass.


# %% task="a6_t3"
def create_app(path):
    pass
