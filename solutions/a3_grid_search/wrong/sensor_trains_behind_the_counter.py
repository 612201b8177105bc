# /// variant
# misconception = "sensor-trains-behind-the-counter"
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
# Trains with the network of the course, uncounted.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    models = [
        course.train_network({"layers": layers, "lr": 0.05}, x_train, t_train)
        for layers in ([8, 8], [16, 16], [12], [8, 8, 8])
    ]
    errors = [np.mean((model(x_valid) - t_valid) ** 2) for model in models]
    return models[int(np.argmin(errors))]
