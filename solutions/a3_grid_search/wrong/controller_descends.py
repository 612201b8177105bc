# /// variant
# misconception = "controller-descends"
# fails = [
#     "test_controller_follows_its_choices_and_rewards",
#     "test_controller_draws_from_its_shares",
# ]
# hints = ["rewards-fall"]
# ///
# Walks against the slope.


# %% task="a3_t9"
def shares(logits):
    """Return the softmax of logits, shape (options,)."""
    weights = np.exp(logits - np.max(logits))
    return weights / weights.sum()


def mix(logits, outputs):
    """Return the options' outputs, weighted with their shares."""
    return np.tensordot(shares(logits), outputs, axes=1)


def mix_slopes(logits, outputs, upstream):
    """Return the slopes of the loss along each logit, shape (options,)."""
    p = shares(logits)
    along = np.array([np.sum(upstream * output) for output in outputs])
    return p * (along - p @ along)


def policy_slopes(logits, choices, rewards):
    """Return the slopes of the expected reward along each logit, as far as a batch tells."""
    advantage = np.asarray(rewards, dtype=float) - np.mean(rewards)
    picked = np.eye(len(logits))[np.asarray(choices)]
    return np.mean(advantage[:, None] * (picked - shares(logits)), axis=0)


def controller_search(options, reward, rounds, batch, lr, rng):
    """Return the shares of the options after so many rounds of learning from rewards."""
    logits = np.zeros(options)
    for _ in range(rounds):
        choices = rng.choice(options, size=batch, p=shares(logits))
        rewards = [reward(int(choice)) for choice in choices]
        logits = logits - lr * policy_slopes(logits, choices, rewards)
    return shares(logits)
