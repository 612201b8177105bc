# /// variant
# misconception = "tiles-rest-lost"
# fails = [
#     "test_every_step_occurs_once",
#     "test_tile_is_finished_before_the_next",
#     "test_tiles_that_fit_are_fetched_once",
# ]
# hints = ["tile-rest-lost"]
# ///
# Only whole tiles are walked through.


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
    """Return all steps (i, l, j) of the product, those of a tile beside each other."""
    steps = [
        (i, l, j)
        for i0 in range(0, n - tile + 1, tile)
        for j0 in range(0, m - tile + 1, tile)
        for l0 in range(0, k - tile + 1, tile)
        for i in range(i0, min(i0 + tile, n))
        for l in range(l0, min(l0 + tile, k))
        for j in range(j0, min(j0 + tile, m))
    ]
    return np.array(steps, dtype=int).reshape(-1, 3)
