# /// variant
# misconception = "standard-scales-exchanged"
# fails = ["test_predictions_are_in_units"]
# hints = ["scales-exchanged"]
# ///
# The inputs' yardstick serves for the answers.


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
    z = model(inputs.transform(x))
    return z * inputs.spread[:1] + inputs.mean[:1]
