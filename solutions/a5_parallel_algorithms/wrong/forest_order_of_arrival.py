# /// variant
# misconception = "forest-order-of-arrival"
# fails = [
#     "test_forest_is_the_same_for_any_number_of_workers",
# ]
# hints = ["trees-out-of-order"]
# ///
# Trees are taken as they are done.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.default_rng(seed).integers(rows, size=rows))


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in np.random.SeedSequence(seed).spawn(trees)]
    with fork.Pool(workers) as pool:
        return list(pool.imap_unordered(_grow, jobs))
