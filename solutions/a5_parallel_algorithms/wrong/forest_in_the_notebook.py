# /// variant
# misconception = "forest-in-the-notebook"
# fails = [
#     "test_trees_grow_at_the_same_time",
# ]
# hints = ["in-notebook"]
# ///
# The notebook grows all trees by itself.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.default_rng(seed).integers(rows, size=rows))


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in np.random.SeedSequence(seed).spawn(trees)]
    return list(map(_grow, jobs))
