# /// variant
# misconception = "parallel-tied-twice"
# fails = [
#     "test_tied_parameter_is_averaged_once",
# ]
# hints = ["tied-travels-twice"]
# ///
# Does not notice that it is the same tensor.


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
        if not parameter.requires_grad:
            continue
        seen.add(id(parameter))
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad.mul_(samples)
        dist.all_reduce(parameter.grad)
        parameter.grad.div_(total.item())
