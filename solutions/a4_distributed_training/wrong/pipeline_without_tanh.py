# /// variant
# misconception = "pipeline-without-tanh"
# fails = [
#     "test_run_gives_the_outputs_of_all_stages",
# ]
# hints = []
# ///
# Forgets the tanh.


# %% task="a4_t9"
def bubble(stages, micro_batches):
    """Return the share of time in which a stage of the pipeline has nothing to do."""
    return (stages - 1) / (micro_batches + stages - 1)


def pipeline_schedule(stages, micro_batches):
    """Return one row a stage: what it does in each tick, such as "F0", "B0" or "" for nothing."""
    ways = micro_batches + stages - 1
    rows = [[""] * (2 * ways) for _ in range(stages)]
    for stage in range(stages):
        for number in range(micro_batches):
            rows[stage][stage + number] = f"F{number}"
            rows[stage][ways + stages - 1 - stage + number] = f"B{number}"
    return rows


def pipeline_forward(weight, micro_batches):
    """Return the outputs on the last rank, [] on the others; each rank is one stage."""
    rank, last = dist.get_rank(), dist.get_world_size() - 1
    outputs = []
    for x in micro_batches:
        if rank > 0:
            x = torch.empty_like(x)
            dist.recv(x, rank - 1)
        y = x @ weight
        if rank < last:
            dist.send(y, rank + 1)
        else:
            outputs.append(y)
    return outputs
