# /// variant
# misconception = "race-with-one-optimizer"
# fails = [
#     "test_race_gives_all_the_same_start_and_budget",
#     "test_race_makes_every_optimizer_once_and_afresh",
# ]
# hints = ["budget-unequal", "optimizers-mixed-up"]
# ///
# Everybody runs with the optimizer that was made last.


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
    runs = {}
    for name, make_optimizer in make_optimizers.items():
        optimizer = make_optimizer()
        runs[name] = lambda: descend(gradient, w0, optimizer, steps)
    return {name: run() for name, run in runs.items()}
