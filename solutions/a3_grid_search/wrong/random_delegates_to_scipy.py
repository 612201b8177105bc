# /// variant
# misconception = "random-delegates-to-scipy"
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
# SciPy's distributions.


# %% task="a3_t6"
def sample_config(space, rng):
    import scipy.stats

    def one(entry):
        if isinstance(entry, list):
            return entry[scipy.stats.randint(0, len(entry)).rvs(random_state=rng)]
        kind, low, high = entry
        if kind == "log":
            return scipy.stats.loguniform(low, high).rvs(random_state=rng)
        return scipy.stats.uniform(low, high - low).rvs(random_state=rng)

    return {name: one(entry) for name, entry in space.items()}


def random_search(space, try_config, budget, rng):
    """Return (config, error, trials) after exactly ``budget`` trials."""
    if budget < 1:
        raise ValueError(f"a budget of {budget} allows no trial")
    trials = []
    for _ in range(budget):
        config = sample_config(space, rng)
        trials.append((config, try_config(dict(config))))
    known = [trial for trial in trials if not math.isnan(trial[1])]
    if not known:
        raise ValueError("no trial gave a number")
    return *min(known, key=lambda trial: trial[1]), trials
