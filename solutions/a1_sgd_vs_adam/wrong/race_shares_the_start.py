# /// variant
# misconception = "race-shares-the-start"
# fails = [
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = ["start-shared"]
# ///
# Everybody is given the very same array to write into.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        path.append(np.array(optimizer.step(w, gradient(w))))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    start, paths = np.array(w0), {}
    for name, make_optimizer in make_optimizers.items():
        w, optimizer = start, make_optimizer()
        path = [w.copy()]
        for _ in range(steps):
            w = optimizer.step(w, gradient(w))
            path.append(np.array(w))
        paths[name] = np.array(path)
    return paths
