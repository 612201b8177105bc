# /// variant
# misconception = "order-square-tiles"
# fails = [
#     "test_misses_are_those_of_good_tiles",
#     "test_misses_are_nearly_the_fewest",
# ]
# hints = ["tiles-not-fitted"]
# ///
# The best square tile is taken.


# %% task="a5_t13"
def best_order(n, k, m, lines, line):
    def tiles(t):
        return np.array(
            [
                (i, l, j)
                for i0 in range(0, n, t)
                for j0 in range(0, m, t)
                for l0 in range(0, k, t)
                for i in range(i0, min(i0 + t, n))
                for l in range(l0, min(l0 + t, k))
                for j in range(j0, min(j0 + t, m))
            ]
        )

    def misses(order):
        found = course.count_misses(order, n, k, m, lines=lines, line=line)
        return sum(int(missed.sum()) for missed in found.values())

    return min((tiles(t) for t in (2, 3, 4, 5, 6)), key=misses)
