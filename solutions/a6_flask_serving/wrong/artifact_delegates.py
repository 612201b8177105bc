# /// variant
# misconception = "artifact-delegates"
# fails = [
#     "test_prediction_is_that_of_training",
#     "test_damaged_artifact_is_refused",
# ]
# hints = []
# ///
# Artifact delegates.


# %% task="a6_t1"
def predict(model, rows):
    return course.StandInService.predict(model, rows)


def save_artifact(path, model):
    Path(path).write_text(json.dumps(model))


def load_artifact(path):
    return course.StandInService.load(path)
