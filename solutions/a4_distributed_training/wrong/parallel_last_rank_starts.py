# /// variant
# misconception = "parallel-last-rank-starts"
# fails = [
#     "test_all_ranks_start_from_the_weights_of_rank_0",
# ]
# hints = ["last-rank-for-first"]
# ///
# The wrong source.


# %% task="a4_t4"
def same_start(parameters):
    """Give every rank the weights of rank 0."""
    for parameter in parameters:
        dist.broadcast(parameter.detach(), src=dist.get_world_size() - 1)


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
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad.mul_(samples)
        dist.all_reduce(parameter.grad)
        parameter.grad.div_(total.item())
