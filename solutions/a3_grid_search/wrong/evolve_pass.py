# /// variant
# misconception = "evolve-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    pass


def evolve(population, try_layers, mutate, fresh, children, rng):
    pass
