# /// variant
# misconception = "norm-identity"
# fails = [
#     "test_columns_are_normalised_over_the_batch",
#     "test_predictions_use_what_training_remembered",
#     "test_slopes_of_x_go_through_mean_and_variance_too",
#     "test_slopes_of_gamma_and_beta",
# ]
# hints = ["nothing-remembered"]
# ///
# Normalises nothing.


# %% task="a2_t8"
class BatchNorm:
    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.ones(size), np.zeros(size)
        self.running_mean, self.running_var = np.zeros(size), np.ones(size)

    def forward(self, x, training=True):
        return x.copy()

    def backward(self, upstream):
        return upstream, np.zeros(len(self.gamma)), np.zeros(len(self.gamma))
