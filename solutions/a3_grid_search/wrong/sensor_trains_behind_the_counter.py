# /// variant
# misconception = "sensor-trains-behind-the-counter"
# fails = ["test_x"]
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
