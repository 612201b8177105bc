# /// variant
# misconception = "tiles-none"
# fails = [
#     "test_tile_is_finished_before_the_next",
#     "test_tiles_that_fit_are_fetched_once",
# ]
# hints = ["not-tiled"]
# ///
# The steps come in plain loops.


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    """Return a @ b, put together from eight products of blocks, all started at once."""
    rows, inner, columns = a.shape[0] // 2, a.shape[1] // 2, b.shape[1] // 2
    tops = [(a[:rows, :inner], a[:rows, inner:]), (a[rows:, :inner], a[rows:, inner:])]
    lefts = [(b[:inner, :columns], b[inner:, :columns]), (b[:inner, columns:], b[inner:, columns:])]
    pairs = [
        (a_block, b_block)
        for a_row in tops
        for b_column in lefts
        for a_block, b_block in zip(a_row, b_column, strict=True)
    ]
    p = fork_join(pairs)
    return np.block([[p[0] + p[1], p[2] + p[3]], [p[4] + p[5], p[6] + p[7]]])


def tiled_order(n, k, m, tile):
    steps = [(i, l, j) for i in range(n) for j in range(m) for l in range(k)]
    return np.array(steps)
