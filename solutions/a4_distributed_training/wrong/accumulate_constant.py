# /// variant
# misconception = "accumulate-constant"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
#     "test_ranks_talk_once_however_many_micro_batches",
# ]
# hints = []
# ///
# The number of the example.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 4.0)
