# /// variant
# misconception = "norm-pass"
# fails = [
#     "test_columns_are_normalised_over_the_batch",
#     "test_predictions_use_what_training_remembered",
#     "test_slopes_of_x_go_through_mean_and_variance_too",
#     "test_slopes_of_gamma_and_beta",
#     "test_column_without_spread_gives_beta",
# ]
# hints = ["name-missing"]
# ///
# Every function does nothing.


# %% task="a2_t8"
class BatchNorm:

    def __init__(self, size, momentum=0.1, eps=1e-05):
        pass

    def forward(self, x, training=True):
        pass

    def backward(self, upstream):
        pass
