# /// variant
# misconception = "sensor-one-training"
# fails = ["test_x"]
# hints = ["one-depth-only", "one-width-only"]
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
