# /// variant
# misconception = "entropy-labels-as-columns"
# fails = [
#     "test_large_logits_overflow_nowhere",
#     "test_loss_is_the_mean_surprise",
#     "test_loss_of_a_sure_and_wrong_answer_is_not_clipped",
# ]
# hints = ["labels-as-columns"]
# ///
# The labels pick columns of all rows.


# %% task="a2_t4"
def refuse_strangers(z, labels):
    """Raise a ValueError for labels that are no column of z."""
    if np.any(labels < 0) or np.any(labels >= z.shape[1]):
        raise ValueError(f"labels must lie from 0 to {z.shape[1] - 1}")


def softmax(z):
    """Return the probabilities of each row of logits, shape (N, K)."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(z, labels):
    """Return the mean cross-entropy of the logits z, shape (N, K), for labels, shape (N,)."""
    refuse_strangers(z, labels)
    shifted = z - z.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_sums - shifted[:, labels].mean(axis=1))


def cross_entropy_slope(z, labels):
    """Return the slopes of the mean cross-entropy with respect to z, shape (N, K)."""
    refuse_strangers(z, labels)
    slopes = softmax(z)
    slopes[np.arange(len(z)), labels] -= 1.0
    return slopes / len(z)
