# /// variant
# misconception = "sensor-delegates-to-sklearn"
# fails = ["test_x"]
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
