# /// variant
# misconception = "mix-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t9"
def mix(logits, outputs):
    pass


def mix_slopes(logits, outputs, upstream):
    pass


def policy_slopes(logits, choices, rewards):
    pass


def controller_search(options, reward, rounds, batch, lr, rng):
    pass
