# /// variant
# misconception = "accumulate-without-1-over-k"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
# ]
# hints = ["one-over-k-missing"]
# ///
# The sum over micro-batches.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    for parameter in parameters:
        parameter.grad = None
    share = 1.0 / dist.get_world_size()
    for batch in micro_batches:
        (share * loss(parameters, batch)).backward()
    for parameter in parameters:
        dist.all_reduce(parameter.grad)
