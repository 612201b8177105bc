# /// variant
# misconception = "blocks-even-sizes-only"
# fails = [
#     "test_blocks_give_the_product",
# ]
# hints = []
# ///
# The middle of an odd size is left out.


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    rows, inner, columns = (size // 2 for size in (*a.shape, b.shape[1]))
    c = np.zeros((a.shape[0], b.shape[1]))
    pairs, places = [], []
    for i in (0, rows):
        for j in (0, columns):
            for l in (0, inner):
                pairs.append((a[i : i + rows, l : l + inner], b[l : l + inner, j : j + columns]))
                places.append((slice(i, i + rows), slice(j, j + columns)))
    for place, product in zip(places, fork_join(pairs), strict=True):
        c[place] += product
    return c


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
