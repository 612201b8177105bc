# /// variant
# misconception = "cards-without-tanh"
# fails = [
#     "test_one_step_of_all_ranks",
#     "test_sharded_step_of_all_ranks",
# ]
# hints = []
# ///
# Goes back through the weights, and not through the tanh.


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    """Return new weights (or shards), loss and peak bytes of one step of all ranks together."""
    world = dist.get_world_size()
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    kept = [weight.detach().to(device) for weight in weights]

    def whole(weight):
        if not sharded:
            return weight
        pieces = [torch.empty_like(weight) for _ in range(world)]
        dist.all_gather(pieces, weight)
        return torch.cat(pieces).reshape(x.shape[1], x.shape[1])

    values = [x.to(device)]
    for weight in kept:
        values.append(torch.tanh(values[-1] @ whole(weight)))
    error = values[-1] - wanted.to(device)
    loss = (error**2).mean() / world
    dist.all_reduce(loss)
    slope = 2 * error / (error.numel() * world)
    new = []
    for weight in reversed(kept):
        inner = slope * torch.ones_like(values.pop())
        gradient = values[-1].T @ inner
        slope = inner @ whole(weight).T
        if sharded:
            pieces = list(gradient.reshape(-1).chunk(world))
            gradient = torch.empty_like(weight)
            dist.reduce_scatter(gradient, pieces)
        else:
            dist.all_reduce(gradient)
        new.insert(0, (weight - lr * gradient).cpu())
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    return {"weights": new, "loss": loss.item(), "peak_bytes": peak}
