# /// variant
# misconception = "standard-constant-by-rounding"
# fails = ["test_constant_column_becomes_zeros_and_a_small_one_does_not"]
# hints = ["constant-column"]
# ///
# A spread of exactly zero is looked for.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[self.spread == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
