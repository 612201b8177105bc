# /// variant
# misconception = "mix-constant"
# fails = [
#     "test_mix_weights_outputs_with_their_shares",
#     "test_slopes_of_the_mix_are_those_of_pytorch",
#     "test_slopes_of_the_policy_are_those_of_pytorch",
#     "test_controller_follows_its_choices_and_rewards",
#     "test_controller_draws_from_its_shares",
# ]
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
