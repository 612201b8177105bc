# /// variant
# misconception = "descent-arguments-swapped"
# fails = [
#     "test_descent_records_the_start_and_every_step",
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
#     "test_race_gives_all_the_same_start_and_budget",
# ]
# hints = ["step-arguments-swapped"]
# ///
# step(g, w) instead of step(w, g).


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        path.append(np.array(optimizer.step(gradient(w), w)))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
