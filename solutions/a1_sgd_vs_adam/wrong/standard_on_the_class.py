# /// variant
# misconception = "standard-on-the-class"
# fails = ["test_predictions_are_in_units", "test_nothing_is_changed_or_shared"]
# hints = ["standardizers-share"]
# ///
# Mean and spread live in the class.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        Standardizer.mean = x.mean(axis=0)
        Standardizer.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
