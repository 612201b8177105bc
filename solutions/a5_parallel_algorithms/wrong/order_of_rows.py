# /// variant
# misconception = "order-of-rows"
# fails = [
#     "test_misses_are_those_of_good_tiles",
#     "test_misses_are_nearly_the_fewest",
# ]
# hints = ["tiles-not-fitted"]
# ///
# Good loops, and no tiles.


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    return np.array([(i, l, j) for i in range(n) for l in range(k) for j in range(m)])
