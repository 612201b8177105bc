# /// variant
# misconception = "descent-stops-when-it-diverges"
# fails = [
#     "test_descent_records_the_start_and_every_step",
# ]
# hints = []
# ///
# It ends as soon as the weights grow.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        path.append(np.array(optimizer.step(w, gradient(w))))
        if np.linalg.norm(path[-1]) > 3.0 * np.linalg.norm(w0):
            break
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
