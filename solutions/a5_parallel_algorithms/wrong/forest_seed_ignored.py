# /// variant
# misconception = "forest-seed-ignored"
# fails = [
#     "test_every_tree_and_seed_has_rows_of_its_own",
# ]
# hints = ["seed-ignored"]
# ///
# The seed is a constant.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.default_rng(seed).integers(rows, size=rows))


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in np.random.SeedSequence(0).spawn(trees)]
    with fork.Pool(workers) as pool:
        return pool.map(_grow, jobs, chunksize=1)
