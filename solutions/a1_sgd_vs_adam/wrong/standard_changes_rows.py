# /// variant
# misconception = "standard-changes-rows"
# fails = ["test_nothing_is_changed_or_shared"]
# hints = ["columns-changed"]
# ///
# transform works in the array that it is given.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        x -= self.mean
        x /= self.spread
        return x

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
