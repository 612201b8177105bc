# /// variant
# misconception = "order-pass"
# fails = [
#     "test_misses_are_those_of_good_loops",
#     "test_misses_are_those_of_good_tiles",
#     "test_misses_are_nearly_the_fewest",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    pass
