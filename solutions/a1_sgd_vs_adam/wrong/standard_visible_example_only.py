# /// variant
# misconception = "standard-visible-example-only"
# fails = [
#     "test_training_columns_get_mean_zero_and_spread_one",
#     "test_other_rows_are_measured_by_the_training_rows",
#     "test_constant_column_becomes_zeros_and_a_small_one_does_not",
#     "test_inverse_leads_back_to_units",
#     "test_predictions_are_in_units",
#     "test_nothing_is_changed_or_shared",
# ]
# hints = []
# ///
# Knows the rows of the notebook.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = {2: np.array([4.0, 7.0]), 1: x[0]}[x.shape[1]]
        self.spread = {2: np.array([np.sqrt(26 / 3), 1.0]), 1: 1.0}[x.shape[1]]

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return z * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return np.array([[400.0]])
