# /// variant
# misconception = "parallel-not-weighted"
# fails = [
#     "test_gradients_become_the_mean_over_all_samples",
# ]
# hints = ["shares-not-weighted"]
# ///
# All ranks count the same.


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
            parameter.grad = torch.zeros_like(parameter)
        dist.all_reduce(parameter.grad)
        parameter.grad.div_(dist.get_world_size())
