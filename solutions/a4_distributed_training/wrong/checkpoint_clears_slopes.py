# /// variant
# misconception = "checkpoint-clears-slopes"
# fails = [
#     "test_values_and_slopes_stay_the_same",
# ]
# hints = ["old-slope-lost"]
# ///
# Sets the weight's slope back before the way back.


# %% task="a4_t10"
class Checkpoint(torch.autograd.Function):
    """A function that is computed again on the way back."""

    @staticmethod
    def forward(ctx, function, x, _):
        """Keep the input and the state of chance."""
        ctx.function, ctx.chance = function, torch.get_rng_state()
        ctx.save_for_backward(x)
        return function(x)

    @staticmethod
    def backward(ctx, slope):
        """Compute again with the same chance, and go back through that."""
        x = ctx.saved_tensors[0].detach().requires_grad_()
        now = torch.get_rng_state()
        torch.set_rng_state(ctx.chance)
        with torch.enable_grad():
            y = ctx.function(x)
        torch.set_rng_state(now)
        if hasattr(ctx.function, "weight"):
            ctx.function.weight.grad = None
        y.backward(slope)
        return None, x.grad, None


def checkpoint(function, x):
    """Return function(x); compute it again on the way back, instead of keeping it."""
    return Checkpoint.apply(function, x, torch.empty(0, requires_grad=True))


def checkpointed(blocks, x, every):
    """Return the output of all blocks, with one checkpoint for each `every` of them."""

    def run(segment, value):
        for block in segment:
            value = block(value)
        return value

    for start in range(0, len(blocks), every):
        segment = blocks[start : start + every]
        x = checkpoint(lambda value, segment=segment: run(segment, value), x)
    return x


def peak_activations(blocks, every):
    """Return how many outputs are kept at most: inputs of segments, and one segment."""
    if every < 1:
        raise ValueError(f"a segment needs at least one block, and not {every}")
    return -(-blocks // every) + min(every, blocks)
