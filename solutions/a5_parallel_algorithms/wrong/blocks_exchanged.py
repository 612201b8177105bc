# /// variant
# misconception = "blocks-exchanged"
# fails = [
#     "test_blocks_give_the_product",
# ]
# hints = ["block-transposed"]
# ///
# The blocks beside the diagonal stand in each other's place.


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    rows, inner, columns = a.shape[0] // 2, a.shape[1] // 2, b.shape[1] // 2
    tops = [(a[:rows, :inner], a[:rows, inner:]), (a[rows:, :inner], a[rows:, inner:])]
    lefts = [(b[:inner, :columns], b[inner:, :columns]), (b[:inner, columns:], b[inner:, columns:])]
    pairs = [pair for top in tops for left in lefts for pair in zip(top, left, strict=True)]
    p = fork_join(pairs)
    c = [p[0] + p[1], p[2] + p[3], p[4] + p[5], p[6] + p[7]]
    if c[1].shape == c[2].shape:
        c[1], c[2] = c[2], c[1]
    return np.block([[c[0], c[1]], [c[2], c[3]]])


def tiled_order(n, k, m, tile):
    """Return all steps (i, l, j) of the product, those of a tile beside each other."""
    steps = [
        (i, l, j)
        for i0 in range(0, n, tile)
        for j0 in range(0, m, tile)
        for l0 in range(0, k, tile)
        for i in range(i0, min(i0 + tile, n))
        for l in range(l0, min(l0 + tile, k))
        for j in range(j0, min(j0 + tile, m))
    ]
    return np.array(steps, dtype=int).reshape(-1, 3)
