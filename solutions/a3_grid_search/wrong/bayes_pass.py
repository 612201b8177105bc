# /// variant
# misconception = "bayes-pass"
# fails = [
#     "test_kernel_tells_how_alike_all_pairs_are",
#     "test_belief_is_that_of_the_process",
#     "test_std_is_zero_where_a_trial_without_noise_was",
#     "test_expected_improvement_is_the_mean_gain",
#     "test_certain_places_gain_what_is_certain",
#     "test_each_trial_goes_where_most_is_expected",
#     "test_trials_end_with_the_budget_or_the_candidates",
# ]
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
