# /// variant
# misconception = "parallel-tied-summed-twice"
# fails = [
#     "test_tied_parameter_is_averaged_once",
# ]
# hints = ["tied-summed-twice"]
# ///
# Weighs a tied gradient once, and sums it twice.


# %% task="a4_t4"
def same_start(parameters):
    """Give every rank the weights of rank 0."""
    for parameter in parameters:
        dist.broadcast(parameter.detach(), src=0)


def average_gradients(parameters, samples):
    total = torch.tensor(float(samples))
    dist.all_reduce(total)
    free = [parameter for parameter in parameters if parameter.requires_grad]
    for parameter in set(free):
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad *= samples / total.item()
    for parameter in free:
        dist.all_reduce(parameter.grad)
