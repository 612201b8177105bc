# /// variant
# misconception = "accumulate-sum-over-ranks"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
# ]
# hints = ["sum-over-ranks"]
# ///
# Sums over the ranks.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    for parameter in parameters:
        parameter.grad = None
    share = 1.0 / len(micro_batches)
    for batch in micro_batches:
        (share * loss(parameters, batch)).backward()
    for parameter in parameters:
        dist.all_reduce(parameter.grad)
