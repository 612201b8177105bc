# /// variant
# misconception = "standard-inverse-is-identity"
# fails = ["test_inverse_leads_back_to_units", "test_predictions_are_in_units"]
# hints = ["left-standardised"]
# ///
# Nothing is undone.


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[np.ptp(x, axis=0) == 0] = 1.0

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return np.array(z)


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))
