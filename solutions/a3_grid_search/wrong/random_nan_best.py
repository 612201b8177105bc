# /// variant
# misconception = "random-nan-best"
# fails = ["test_best_trial_is_returned", "test_searches_that_find_nothing_are_refused"]
# hints = ["nan-chosen"]
# ///
# nan in front stays the best.


# %% task="a3_t6"
def sample_config(space, rng):
    """Draw one value for each setting of the space."""
    config = {}
    for name, values in space.items():
        if isinstance(values, list):
            if not values:
                raise ValueError(f"{name} has no values to choose from")
            config[name] = values[rng.integers(len(values))]
            continue
        kind, low, high = values
        if low > high or (kind == "log" and low <= 0):
            raise ValueError(f"{name} cannot be drawn from {low} to {high} ({kind})")
        if kind == "log":
            config[name] = math.exp(rng.uniform(math.log(low), math.log(high)))
        else:
            config[name] = rng.uniform(low, high)
    return config


def random_search(space, try_config, budget, rng):
    """Return (config, error, trials) after exactly ``budget`` trials."""
    if budget < 1:
        raise ValueError(f"a budget of {budget} allows no trial")
    trials = []
    for _ in range(budget):
        config = sample_config(space, rng)
        trials.append((config, try_config(dict(config))))
    known = trials
    return *min(known, key=lambda trial: trial[1]), trials
