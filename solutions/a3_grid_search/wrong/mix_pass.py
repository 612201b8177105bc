# /// variant
# misconception = "mix-pass"
# fails = [
#     "test_mix_weights_outputs_with_their_shares",
#     "test_slopes_of_the_mix_are_those_of_pytorch",
#     "test_slopes_of_the_policy_are_those_of_pytorch",
#     "test_controller_follows_its_choices_and_rewards",
#     "test_controller_draws_from_its_shares",
# ]
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
