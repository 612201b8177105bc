# /// variant
# misconception = "standard-rows-kept-by-name"
# fails = ["test_nothing_is_changed_or_shared"]
# hints = []
# ///
# The training rows are kept, not copied, and measured when needed.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.rows = x

    @property
    def mean(self):
        return self.rows.mean(axis=0)

    @property
    def spread(self):
        return np.where(np.ptp(self.rows, axis=0) == 0, 1.0, self.rows.std(axis=0))

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
