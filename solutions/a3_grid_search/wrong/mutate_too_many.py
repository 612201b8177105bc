# /// variant
# misconception = "mutate-too-many"
# fails = ["test_mutant_differs_by_one_change", "test_layers_that_cannot_change_are_refused"]
# hints = ["too-many-or-no-layers"]
# ///
# Puts in a layer too many.


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    """Return a copy of layers with one layer put in, taken out, or of another width."""
    places = range(len(layers))
    edits = [(i, w) for i in places for w in widths if w != layers[i]]
    kinds = [[[*layers[:i], w, *layers[i + 1 :]] for i, w in edits]]
    if len(layers) <= most:
        gaps = [(i, w) for i in (*places, len(layers)) for w in widths]
        kinds.append([[*layers[:i], w, *layers[i:]] for i, w in gaps])
    if len(layers) > 1:
        kinds.append([[*layers[:i], *layers[i + 1 :]] for i in places])
    kinds = [kind for kind in kinds if kind]
    if not kinds:
        raise ValueError("nothing about these layers can be changed")
    kind = kinds[rng.integers(len(kinds))]
    return kind[rng.integers(len(kind))]


def evolve(population, try_layers, mutate, fresh, children, rng):
    """Return (layers, error) of the best architecture that was ever tried."""
    if not population:
        raise ValueError("nothing can descend from an empty population")
    alive = [(layers, try_layers(layers)) for layers in population]
    for _ in range(children):
        if rng.random() < 0.8:
            better = sorted(alive, key=by_error)[: (len(alive) + 1) // 2]
            layers = mutate(better[rng.integers(len(better))][0], rng)
        else:
            layers = fresh(rng)
        alive.append((layers, try_layers(layers)))
        alive.remove(max(alive, key=by_error))
    return min(alive, key=by_error)


def by_error(member):
    """Sort by error, and what is not a number behind all numbers."""
    return math.inf if math.isnan(member[1]) else member[1]
