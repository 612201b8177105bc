# /// variant
# misconception = "sensor-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t11"
def calibrate(train, x_train, t_train, x_valid, t_valid, budget, rng):
    pass
