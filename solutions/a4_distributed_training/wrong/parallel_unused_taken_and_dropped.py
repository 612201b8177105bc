# /// variant
# misconception = "parallel-unused-taken-and-dropped"
# fails = [
#     "test_parameter_unused_on_one_rank_counts_as_zero_there",
# ]
# hints = []
# ///
# Takes part with zeros, and keeps no gradient.


# %% task="a4_t4"
def same_start(parameters):
    """Give every rank the weights of rank 0."""
    for parameter in parameters:
        dist.broadcast(parameter.detach(), src=0)


def average_gradients(parameters, samples):
    """Make every gradient the mean over the samples of all ranks."""
    total = torch.tensor(float(samples))
    dist.all_reduce(total)
    seen = set()
    for parameter in parameters:
        if not parameter.requires_grad or id(parameter) in seen:
            continue
        seen.add(id(parameter))
        if parameter.grad is None:
            dist.all_reduce(torch.zeros_like(parameter))
            continue
        parameter.grad.mul_(samples)
        dist.all_reduce(parameter.grad)
        parameter.grad.div_(total.item())
