# /// variant
# misconception = "evolve-constant"
# fails = ["test_x"]
# hints = []
# ///
# Always 0.


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    return 0


def evolve(population, try_layers, mutate, fresh, children, rng):
    return 0
