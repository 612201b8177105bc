# /// variant
# misconception = "mix-delegates-to-autograd"
# fails = [
#     "test_slopes_of_the_mix_are_those_of_pytorch",
#     "test_slopes_of_the_policy_are_those_of_pytorch",
#     "test_controller_follows_its_choices_and_rewards",
#     "test_controller_draws_from_its_shares",
# ]
# hints = []
# ///
# PyTorch's own gradients.


# %% task="a3_t9"
import torch


def shares(logits):
    """Return the softmax of logits, shape (options,)."""
    weights = np.exp(logits - np.max(logits))
    return weights / weights.sum()


def mix(logits, outputs):
    """Return the options' outputs, weighted with their shares."""
    return np.tensordot(shares(logits), outputs, axes=1)


def controller_search(options, reward, rounds, batch, lr, rng):
    """Return the shares of the options after so many rounds of learning from rewards."""
    logits = np.zeros(options)
    for _ in range(rounds):
        choices = rng.choice(options, size=batch, p=shares(logits))
        rewards = [reward(int(choice)) for choice in choices]
        logits = logits + lr * policy_slopes(logits, choices, rewards)
    return shares(logits)


def mix_slopes(logits, outputs, upstream):
    alpha = torch.tensor(logits, requires_grad=True)
    mixed = torch.tensordot(torch.softmax(alpha, 0), torch.as_tensor(outputs), dims=1)
    return torch.autograd.grad((mixed * torch.as_tensor(upstream)).sum(), alpha)[0]


def policy_slopes(logits, choices, rewards):
    rewards = torch.as_tensor(np.asarray(rewards, dtype=float))
    alpha = torch.tensor(logits, requires_grad=True)
    chosen = torch.log_softmax(alpha, 0)[torch.as_tensor(np.asarray(choices))]
    return torch.autograd.grad((chosen * (rewards - rewards.mean())).mean(), alpha)[0]
