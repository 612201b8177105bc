# /// variant
# misconception = "forest-without-replacement"
# fails = [
#     "test_bootstraps_are_drawn_with_replacement",
# ]
# hints = ["without-replacement"]
# ///
# Each bootstrap is a permutation.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.default_rng(seed).permutation(rows))


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in np.random.SeedSequence(seed).spawn(trees)]
    with fork.Pool(workers) as pool:
        return pool.map(_grow, jobs, chunksize=1)
