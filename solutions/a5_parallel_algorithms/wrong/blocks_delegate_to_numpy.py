# /// variant
# misconception = "blocks-delegate-to-numpy"
# fails = [
#     "test_eight_products_are_started_at_once",
# ]
# hints = ["never-called"]
# ///
# NumPy multiplies the matrices as they are.


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    return a @ b


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
