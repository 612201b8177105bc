# /// variant
# misconception = "standard-inverse-changes-rows"
# fails = ["test_nothing_is_changed_or_shared"]
# hints = ["columns-changed"]
# ///
# inverse works in the array that it is given.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        z *= self.spread
        z += self.mean
        return z


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
