# /// variant
# misconception = "standard-model-gets-columns"
# fails = ["test_predictions_are_in_units"]
# hints = []
# ///
# The model gets a column for every row, which it cannot take unless there are as many of both.


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
    return targets.inverse(model(inputs.transform(x).T))
