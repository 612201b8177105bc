# /// variant
# misconception = "sensor-shuffled-in-place"
# fails = ["test_any_number_of_readings_and_nothing_changed"]
# hints = ["readings-changed"]
# ///
# Shuffles the caller's rows, each array for itself.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    shapes = [[8, 8], [16, 8], [12, 12], [8, 8, 8], [16], [24, 8]]
    rng.shuffle(x_valid)
    best_error, best_model = math.inf, None
    for number in range(budget):
        lr = 10.0 ** rng.uniform(-1.8, -0.9)
        model = train({"layers": shapes[number % len(shapes)], "lr": lr}, x_train, t_train)
        error = np.sqrt(np.mean((model(x_valid) - t_valid) ** 2))
        if error < best_error:
            rng.shuffle(x_valid)
    best_error, best_model = error, model
    return best_model
