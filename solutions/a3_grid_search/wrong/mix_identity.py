# /// variant
# misconception = "mix-identity"
# fails = ["test_x"]
# hints = []
# ///
# The first argument comes back.


# %% task="a3_t9"
def mix(logits, outputs):
    return logits


def mix_slopes(logits, outputs, upstream):
    return logits


def policy_slopes(logits, choices, rewards):
    return logits


def controller_search(options, reward, rounds, batch, lr, rng):
    return options
