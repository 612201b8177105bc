# /// variant
# misconception = "sensor-largest-error"
# fails = [
#     "test_a_sensor_is_calibrated",
#     "test_sensors_are_calibrated_well",
#     "test_sensors_are_calibrated_very_well",
# ]
# hints = ["not-yet-calibrated"]
# ///
# Returns the worst model.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    shapes = [[8, 8], [16, 8], [12, 12], [8, 8, 8], [16], [24, 8]]
    best_error, best_model = -math.inf, None
    for number in range(budget):
        lr = 10.0 ** rng.uniform(-3.0, -0.9)
        model = train({"layers": shapes[number % len(shapes)], "lr": lr}, x_train, t_train)
        error = np.sqrt(np.mean((model(x_valid) - t_valid) ** 2))
        if not error <= best_error:
            best_error, best_model = error, model
    return best_model
