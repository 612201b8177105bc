# /// variant
# misconception = "standard-fit-adds-up"
# fails = ["test_other_rows_are_measured_by_the_training_rows"]
# hints = ["fit-adds-up"]
# ///
# Each fit also counts the rows of the fits before.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.rows = x = np.vstack([*getattr(self, "rows", x[:0]), *x])
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
