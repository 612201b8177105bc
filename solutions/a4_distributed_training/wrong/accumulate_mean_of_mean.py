# /// variant
# misconception = "accumulate-mean-of-mean"
# fails = [
#     "test_gradient_is_the_mean_over_all_micro_batches",
# ]
# hints = ["averaged-twice-over-ranks"]
# ///
# Divides by the ranks twice.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    """Make every gradient the mean over all micro-batches of all ranks."""
    for parameter in parameters:
        parameter.grad = None
    share = 1.0 / (len(micro_batches) * dist.get_world_size())
    for batch in micro_batches:
        (share * loss(parameters, batch)).backward()
    for parameter in parameters:
        dist.all_reduce(parameter.grad, op=dist.ReduceOp.AVG)
