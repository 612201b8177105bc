# /// variant
# misconception = "norm-visible-example-only"
# fails = [
#     "test_columns_are_normalised_over_the_batch",
#     "test_predictions_use_what_training_remembered",
#     "test_slopes_of_x_go_through_mean_and_variance_too",
#     "test_slopes_of_gamma_and_beta",
#     "test_column_without_spread_gives_beta",
# ]
# hints = []
# ///
# Knows the column of the example.


# %% task="a2_t8"
class BatchNorm:
    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.running_mean, self.running_var = np.array([0.2]), np.array([1.0])

    def forward(self, x, training=True):
        return np.array([[3.0], [7.0]])

    def backward(self, upstream):
        return np.zeros((2, 1)), np.array([3.0]), np.array([5.0])
