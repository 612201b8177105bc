# /// variant
# misconception = "sensor-never-trained"
# fails = [
#     "test_budget_of_trainings_is_kept",
#     "test_depth_and_width_are_explored",
#     "test_sensors_are_calibrated_well",
#     "test_sensors_are_calibrated_very_well",
# ]
# hints = ["never-trained", "not-yet-calibrated"]
# ///
# Trains nothing, the nearest reading answers.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    def nearest(readings):
        z = x_train.std(axis=0)
        away = (((readings[:, None] - x_train[None]) / z) ** 2).sum(axis=2)
        return t_train[np.argmin(away, axis=1)]

    return nearest
