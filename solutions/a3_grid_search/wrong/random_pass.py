# /// variant
# misconception = "random-pass"
# fails = [
#     "test_log_scale_is_drawn_evenly_in_factors",
#     "test_lines_and_lists_are_drawn_evenly",
#     "test_draws_are_independent_and_come_from_rng",
#     "test_spaces_that_cannot_be_drawn_from_are_refused",
#     "test_budget_is_spent_on_fresh_draws",
#     "test_best_trial_is_returned",
#     "test_searches_that_find_nothing_are_refused",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t6"
def sample_config(space, rng):
    pass


def random_search(space, try_config, budget, rng):
    pass
