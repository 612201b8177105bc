# /// variant
# misconception = "blocks-pass"
# fails = [
#     "test_blocks_give_the_product",
#     "test_eight_products_are_started_at_once",
#     "test_every_step_occurs_once",
#     "test_tile_is_finished_before_the_next",
#     "test_tiles_that_fit_are_fetched_once",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a5_t3"
def block_matmul(a, b, fork_join):
    pass


def tiled_order(n, k, m, tile):
    pass
