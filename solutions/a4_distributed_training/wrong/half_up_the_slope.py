# /// variant
# misconception = "half-up-the-slope"
# fails = [
#     "test_small_steps_are_not_lost",
# ]
# hints = ["wrong-way"]
# ///
# Climbs.


# %% task="a4_t11"
def forget_peak(device):
    """Start counting anew, on a device that counts."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()


def peak_bytes(device):
    """Return the most bytes held since then."""
    return torch.cuda.max_memory_allocated() if device == "cuda" else 0


def mixed_step(weights, x, wanted, lr, device, every):
    """Return new weights, loss and peak bytes of one step with products in bfloat16."""

    def run(segment, value):
        for master in segment:
            value = torch.tanh(value @ master)
        return value

    forget_peak(device)
    masters = [weight.detach().to(device).requires_grad_() for weight in weights]
    value = x.to(device)
    with torch.autocast(device, dtype=torch.bfloat16):
        for start in range(0, len(masters), every) if every else ():
            segment = masters[start : start + every]
            again = torch.utils.checkpoint.checkpoint
            value = again(run, segment, value, use_reentrant=False)
        if not every:
            value = run(masters, value)
    loss = ((value.float() - wanted.to(device)) ** 2).mean()
    slopes = torch.autograd.grad(loss, masters)
    return {
        "weights": [(w.detach() + lr * g).cpu() for w, g in zip(masters, slopes, strict=True)],
        "loss": loss.item(),
        "peak_bytes": peak_bytes(device),
    }
