# /// variant
# misconception = "bayes-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t7"
def kernel(a, b, length):
    pass


def gp_posterior(x, y, x_new, length, noise):
    pass


def expected_improvement(mean, std, best):
    pass


def bayesian_search(candidates, try_row, first, budget, length, noise):
    pass
