# /// variant
# misconception = "standard-constant"
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
# Everything becomes zero.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = np.zeros(x.shape[1])
        self.spread = np.ones(x.shape[1])

    def transform(self, x):
        return np.zeros(x.shape)

    def inverse(self, z):
        return np.zeros(z.shape)


def predict_in_units(model, x, inputs, targets):
    return np.zeros((len(x), 1))
