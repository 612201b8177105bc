# /// variant
# misconception = "standard-delegates-to-torch"
# fails = [
#     "test_training_columns_get_mean_zero_and_spread_one",
#     "test_other_rows_are_measured_by_the_training_rows",
#     "test_constant_column_becomes_zeros_and_a_small_one_does_not",
#     "test_predictions_are_in_units",
#     "test_nothing_is_changed_or_shared",
# ]
# hints = []
# ///
# PyTorch's batch normalisation does the work.


# %% task="a1_t7"
import torch


class Standardizer:
    def fit(self, x):
        self.mean, self.spread = x.mean(axis=0), x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        mean, variance = torch.as_tensor(self.mean), torch.as_tensor(self.spread**2)
        x = torch.as_tensor(x)
        return torch.nn.functional.batch_norm(x, mean, variance, eps=0.0).numpy()

    def inverse(self, z):
        return self.mean + self.spread * z


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
