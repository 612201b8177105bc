# /// variant
# misconception = "mix-constant"
# fails = ["test_x"]
# hints = []
# ///
# Always 0.


# %% task="a3_t9"
def mix(logits, outputs):
    return 0


def mix_slopes(logits, outputs, upstream):
    return 0


def policy_slopes(logits, choices, rewards):
    return 0


def controller_search(options, reward, rounds, batch, lr, rng):
    return 0
