# /// variant
# misconception = "bayes-delegates-to-sklearn"
# fails = [
#     "test_kernel_tells_how_alike_all_pairs_are",
#     "test_belief_is_that_of_the_process",
#     "test_std_is_zero_where_a_trial_without_noise_was",
#     "test_each_trial_goes_where_most_is_expected",
#     "test_trials_end_with_the_budget_or_the_candidates",
# ]
# hints = []
# ///
# scikit-learn's Gaussian process.


# %% task="a3_t7"
def kernel(a, b, length):
    from sklearn.gaussian_process.kernels import RBF

    return RBF(length)(a, b)


def gp_posterior(x, y, x_new, length, noise):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    process = GaussianProcessRegressor(RBF(length), alpha=noise**2, optimizer=None)
    return process.fit(x, y).predict(x_new, return_std=True)


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
