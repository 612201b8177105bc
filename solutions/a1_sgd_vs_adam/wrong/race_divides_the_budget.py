# /// variant
# misconception = "race-divides-the-budget"
# fails = [
#     "test_race_gives_all_the_same_start_and_budget",
#     "test_race_makes_every_optimizer_once_and_afresh",
# ]
# hints = ["budget-divided"]
# ///
# The steps are shared out among the contestants.


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
    paths = {}
    for name, make_optimizer in make_optimizers.items():
        paths[name] = descend(gradient, w0, make_optimizer(), steps // len(make_optimizers))
    return paths
