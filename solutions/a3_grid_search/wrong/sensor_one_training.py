# /// variant
# misconception = "sensor-one-training"
# fails = [
#     "test_depth_and_width_are_explored",
#     "test_sensors_are_calibrated_well",
#     "test_sensors_are_calibrated_very_well",
# ]
# hints = ["one-depth-only", "budget-hardly-used"]
# ///
# One guess, no search.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    shapes = [[8, 8], [16, 8], [12, 12], [8, 8, 8], [16], [24, 8]]
    best_error, best_model = math.inf, None
    for number in range(1):
        lr = 0.01
        model = train({"layers": shapes[number % len(shapes)], "lr": lr}, x_train, t_train)
        error = np.sqrt(np.mean((model(x_valid) - t_valid) ** 2))
        if error < best_error:
            best_error, best_model = error, model
    return best_model
