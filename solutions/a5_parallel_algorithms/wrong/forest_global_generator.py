# /// variant
# misconception = "forest-global-generator"
# fails = [
#     "test_global_generator_stays_as_it_is",
# ]
# hints = ["global-generator"]
# ///
# The notebook's generator is seeded and used.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.default_rng(seed).integers(rows, size=rows))


def _seeds(seed, trees):
    np.random.seed(seed)
    return np.random.randint(2**31, size=trees).tolist()


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in _seeds(seed, trees)]
    with fork.Pool(workers) as pool:
        return pool.map(_grow, jobs, chunksize=1)
