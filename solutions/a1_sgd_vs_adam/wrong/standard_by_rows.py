# /// variant
# misconception = "standard-by-rows"
# fails = [
#     "test_training_columns_get_mean_zero_and_spread_one",
#     "test_other_rows_are_measured_by_the_training_rows",
#     "test_constant_column_becomes_zeros_and_a_small_one_does_not",
#     "test_predictions_are_in_units",
#     "test_nothing_is_changed_or_shared",
# ]
# hints = ["rows-standardised"]
# ///
# Each row is standardised by itself.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
