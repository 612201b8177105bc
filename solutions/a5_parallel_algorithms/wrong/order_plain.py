# /// variant
# misconception = "order-plain"
# fails = [
#     "test_misses_are_those_of_good_loops",
#     "test_misses_are_those_of_good_tiles",
#     "test_misses_are_nearly_the_fewest",
# ]
# hints = ["walks-down-columns", "tiles-not-fitted"]
# ///
# The innermost loop walks down a column of B.


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    return np.array([(i, l, j) for i in range(n) for j in range(m) for l in range(k)])
