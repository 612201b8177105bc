# /// variant
# misconception = "forest-pass"
# fails = [
#     "test_forest_is_the_same_for_any_number_of_workers",
#     "test_bootstraps_are_drawn_with_replacement",
#     "test_every_tree_and_seed_has_rows_of_its_own",
#     "test_trees_grow_at_the_same_time",
#     "test_global_generator_stays_as_it_is",
# ]
# hints = ["never-called"]
# ///
# Nothing is returned.


# %% task="a5_t7"
def grow_forest(fit_tree, rows, trees, seed, workers):
    pass
