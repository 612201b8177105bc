# /// variant
# misconception = "process-noise-not-squared"
# fails = ["test_belief_is_that_of_the_process"]
# hints = ["noise-not-squared"]
# ///
# Adds the noise without its square.


# %% task="a3_t7"
def kernel(a, b, length):
    """Return how alike rows of a and rows of b are, shape (len(a), len(b))."""
    squares = np.sum((a[:, None, :] - b[None, :, :]) ** 2, axis=2)
    return np.exp(-0.5 * squares / length**2)


def gp_posterior(x, y, x_new, length, noise):
    """Return (mean, std), each of shape (len(x_new),), of a Gaussian process."""
    known = kernel(x, x, length) + noise * np.eye(len(x))
    across = kernel(x_new, x, length)
    solved = np.linalg.solve(known, across.T)
    variance = 1.0 - np.sum(across.T * solved, axis=0)
    return solved.T @ y, np.sqrt(np.maximum(variance, 0.0))


def expected_improvement(mean, std, best):
    """Return by how much each place is expected to be lower than ``best``."""
    gain = best - mean
    z = gain / np.where(std > 0, std, 1.0)
    below = np.array([0.5 * (1.0 + math.erf(v / math.sqrt(2.0))) for v in z])
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return np.where(std > 0, gain * below + std * density, np.maximum(gain, 0.0))


def bayesian_search(candidates, try_row, first, budget, length, noise):
    """Return (rows, errors) in the order in which they were tried."""
    rows, errors = [], []
    while len(rows) < min(budget, len(candidates)):
        if len(rows) < len(first):
            row = first[len(rows)]
        else:
            y = np.array(errors)
            y = (y - y.mean()) / (y.std() or 1.0)
            mean, std = gp_posterior(candidates[rows], y, candidates, length, noise)
            gain = expected_improvement(mean, std, y.min())
            gain[rows] = -1.0
            row = int(np.argmax(gain))
        rows.append(row)
        errors.append(try_row(row))
    return rows, errors
