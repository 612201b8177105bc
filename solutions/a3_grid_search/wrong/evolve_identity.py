# /// variant
# misconception = "evolve-identity"
# fails = ["test_x"]
# hints = []
# ///
# The first argument comes back.


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    return layers


def evolve(population, try_layers, mutate, fresh, children, rng):
    return population
