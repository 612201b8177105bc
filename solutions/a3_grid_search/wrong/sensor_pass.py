# /// variant
# misconception = "sensor-pass"
# fails = [
#     "test_budget_of_trainings_is_kept",
#     "test_depth_and_width_are_explored",
#     "test_any_number_of_readings_and_nothing_changed",
#     "test_a_sensor_is_calibrated",
#     "test_sensors_are_calibrated_well",
#     "test_sensors_are_calibrated_very_well",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    pass
