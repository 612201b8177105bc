# /// variant
# misconception = "standard-fit-once"
# fails = ["test_other_rows_are_measured_by_the_training_rows"]
# hints = []
# ///
# A second fit is ignored.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        if hasattr(self, "mean"):
            return
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
