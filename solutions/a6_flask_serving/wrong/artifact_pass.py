# /// variant
# misconception = "artifact-pass"
# fails = [
#     "test_prediction_is_that_of_training",
#     "test_prediction_takes_any_number_of_rows_and_changes_none",
# ]
# hints = []
# ///
# Artifact pass.


# %% task="a6_t1"
def predict(model, rows):
    pass


def save_artifact(path, model):
    pass


def load_artifact(path):
    pass
