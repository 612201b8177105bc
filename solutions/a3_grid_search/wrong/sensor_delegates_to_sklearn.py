# /// variant
# misconception = "sensor-delegates-to-sklearn"
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
# scikit-learn's forest.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    from sklearn.ensemble import RandomForestRegressor

    for layers in ([8], [8, 8], [16, 16], [4])[:budget]:
        train({"layers": layers, "lr": 0.05}, x_train, t_train)
    forest = RandomForestRegressor(100, random_state=0).fit(x_train, t_train.ravel())
    return lambda readings: forest.predict(readings)[:, None]
