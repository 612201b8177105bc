# /// variant
# misconception = "descent-asks-once-more"
# fails = [
#     "test_descent_records_the_start_and_every_step",
# ]
# hints = ["slope-asked-once-more"]
# ///
# The slope is asked for after the last step, too.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    g = gradient(path[0].copy())
    for _ in range(steps):
        path.append(np.array(optimizer.step(path[-1].copy(), g)))
        g = gradient(path[-1].copy())
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
