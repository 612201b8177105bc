# /// variant
# misconception = "random-last-of-tied"
# fails = ["test_best_trial_is_returned"]
# hints = ["last-of-the-tied"]
# ///
# The last of the best.


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
    known = [trial for trial in trials if not math.isnan(trial[1])]
    if not known:
        raise ValueError("no trial gave a number")
    return *min(known[::-1], key=lambda trial: trial[1]), trials
