# /// variant
# misconception = "accumulate-talks-often"
# fails = [
#     "test_ranks_talk_once_however_many_micro_batches",
# ]
# hints = ["talks-every-micro-batch"]
# ///
# Talks after every micro-batch.


# %% task="a4_t5"
def accumulated_gradients(parameters, loss, micro_batches):
    share = 1.0 / (len(micro_batches) * dist.get_world_size())
    totals = [torch.zeros_like(parameter) for parameter in parameters]
    for batch in micro_batches:
        for parameter in parameters:
            parameter.grad = None
        (share * loss(parameters, batch)).backward()
        for total, parameter in zip(totals, parameters):
            dist.all_reduce(parameter.grad)
            total += parameter.grad
    for total, parameter in zip(totals, parameters):
        parameter.grad = total
