# /// variant
# misconception = "cards-gradients-all-reduced"
# fails = [
#     "test_sharded_step_of_all_ranks",
# ]
# hints = ["whole-gradient-everywhere"]
# ///
# Each rank is given the whole slope, and keeps its piece.


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
        inner = slope * (1 - values.pop() ** 2)
        gradient = values[-1].T @ inner
        slope = inner @ whole(weight).T
        if sharded:
            dist.all_reduce(gradient)
            gradient = list(gradient.reshape(-1).chunk(world))[dist.get_rank()]
        else:
            dist.all_reduce(gradient)
        new.insert(0, (weight - lr * gradient).cpu())
    peak = torch.cuda.max_memory_allocated() if device == "cuda" else 0
    return {"weights": new, "loss": loss.item(), "peak_bytes": peak}
