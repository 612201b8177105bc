# /// variant
# misconception = "checkpoint-visible-example-only"
# fails = [
#     "test_chance_is_the_same_and_left_alone",
#     "test_each_segment_is_one_checkpoint",
#     "test_peak_counts_inputs_and_one_segment",
#     "test_segments_of_nothing_are_refused",
# ]
# hints = ["other-dropout-mask"]
# ///
# Knows the examples of the notebook by heart.


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
        with torch.enable_grad():
            y = ctx.function(x)
        y.backward(slope)
        return None, x.grad, None


def checkpoint(function, x):
    """Return function(x); compute it again on the way back, instead of keeping it."""
    return Checkpoint.apply(function, x, torch.empty(0, requires_grad=True))


def checkpointed(blocks, x, every):
    x = checkpoint(lambda value: blocks[1](blocks[0](value)), x)
    return checkpoint(blocks[2], x)


def peak_activations(blocks, every):
    return 8
