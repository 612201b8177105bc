# /// variant
# misconception = "sensor-one-depth"
# fails = ["test_depth_and_width_are_explored"]
# hints = ["one-depth-only"]
# ///
# One layer, of several widths.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    """Return a function from readings, shape (n, 2), to oxygen, shape (n, 1)."""
    shapes = [[4], [8], [16], [32]]
    best_error, best_model = math.inf, None
    for number in range(budget):
        lr = 10.0 ** rng.uniform(-1.8, -0.9)
        model = train({"layers": shapes[number % len(shapes)], "lr": lr}, x_train, t_train)
        error = np.sqrt(np.mean((model(x_valid) - t_valid) ** 2))
        if error < best_error:
            best_error, best_model = error, model
    return best_model
