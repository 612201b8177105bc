# /// variant
# misconception = "accumulate-pass"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
#     "test_ranks_talk_once_however_many_micro_batches",
# ]
# hints = []
# ///
# Nothing was written.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    pass
