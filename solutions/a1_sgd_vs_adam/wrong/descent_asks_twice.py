# /// variant
# misconception = "descent-asks-twice"
# fails = [
#     "test_descent_records_the_start_and_every_step",
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = ["slope-asked-twice"]
# ///
# The slope is asked for twice a step, once to look whether it is finite.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        if not np.isfinite(gradient(w)).all():
            break
        path.append(np.array(optimizer.step(w, gradient(w))))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
