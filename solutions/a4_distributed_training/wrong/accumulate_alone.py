# /// variant
# misconception = "accumulate-alone"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
#     "test_ranks_talk_once_however_many_micro_batches",
# ]
# hints = ["no-communication"]
# ///
# Nobody talks.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    for parameter in parameters:
        parameter.grad = None
    share = 1.0 / (len(micro_batches) * dist.get_world_size())
    for batch in micro_batches:
        (share * loss(parameters, batch)).backward()
    for parameter in parameters:
        parameter.grad *= dist.get_world_size()
