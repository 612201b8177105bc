# /// variant
# misconception = "random-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t6"
def sample_config(space, rng):
    pass


def random_search(space, try_config, budget, rng):
    pass
