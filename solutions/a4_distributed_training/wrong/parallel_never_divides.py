# /// variant
# misconception = "parallel-never-divides"
# fails = [
#     "test_gradients_become_the_mean_over_all_samples",
#     "test_tied_parameter_is_averaged_once",
#     "test_parameter_unused_on_one_rank_counts_as_zero_there",
#     "test_frozen_parameter_stays_out",
# ]
# hints = ["sum-over-samples"]
# ///
# Weighs and does not divide.


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
        parameter.grad.mul_(samples)
        dist.all_reduce(parameter.grad)
