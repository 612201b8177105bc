# /// variant
# misconception = "forest-copied-generators"
# fails = [
#     "test_forest_is_the_same_for_any_number_of_workers",
#     "test_every_tree_and_seed_has_rows_of_its_own",
# ]
# hints = ["chance-of-workers", "same-tree-again"]
# ///
# Each worker goes on with its copy of the notebook's generator.


# %% task="a5_t7"
def _grow(job):
    """Draw the bootstrap of one tree, and grow it."""
    fit_tree, rows, seed = job
    return fit_tree(np.random.randint(rows, size=rows))


def grow_forest(fit_tree, rows, trees, seed, workers):
    """Return what fit_tree returned for the bootstrap of each tree, in order."""
    jobs = [(fit_tree, rows, own) for own in np.random.SeedSequence(seed).spawn(trees)]
    with fork.Pool(workers) as pool:
        return pool.map(_grow, jobs, chunksize=1)
