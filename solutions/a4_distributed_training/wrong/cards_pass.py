# /// variant
# misconception = "cards-pass"
# fails = [
#     "test_one_step_of_all_ranks",
#     "test_sharded_step_of_all_ranks",
# ]
# hints = []
# ///
# Nothing is done.


# %% task="a4_t14"
def ranks_step(weights, x, wanted, lr, device, sharded):
    pass
