# /// variant
# misconception = "standard-predictions-left"
# fails = ["test_predictions_are_in_units"]
# hints = ["left-standardised"]
# ///
# The answers of the model stay standardised.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return model(inputs.transform(x))
