# /// variant
# misconception = "order-incomplete"
# fails = [
#     "test_misses_are_those_of_good_loops",
#     "test_misses_are_those_of_good_tiles",
#     "test_misses_are_nearly_the_fewest",
# ]
# hints = ["tile-rest-lost"]
# ///
# The last column is left out, which saves misses.


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    return np.array([(i, l, j) for i in range(n) for l in range(k) for j in range(m - 1)])
