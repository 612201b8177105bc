# /// variant
# misconception = "standard-fit-changes-rows"
# fails = ["test_nothing_is_changed_or_shared"]
# hints = ["columns-changed"]
# ///
# fit subtracts the mean for good.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        constant = np.ptp(x, axis=0) == 0
        x -= self.mean
        self.spread = np.sqrt(np.mean(x**2, axis=0))
        self.spread[constant] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
