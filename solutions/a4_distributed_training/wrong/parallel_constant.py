# /// variant
# misconception = "parallel-constant"
# fails = [
#     "test_all_ranks_start_from_the_weights_of_rank_0",
#     "test_gradients_become_the_mean_over_all_samples",
#     "test_tied_parameter_is_averaged_once",
#     "test_parameter_unused_on_one_rank_counts_as_zero_there",
#     "test_frozen_parameter_stays_out",
# ]
# hints = []
# ///
# The numbers of the example.


# %% task="a4_t4"
def same_start(parameters):
    for parameter in parameters:
        parameter.data.fill_(5.0)


def average_gradients(parameters, samples):
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 3.0)
