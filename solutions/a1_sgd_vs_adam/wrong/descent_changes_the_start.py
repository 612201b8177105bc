# /// variant
# misconception = "descent-changes-the-start"
# fails = [
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = ["start-changed", "start-shared"]
# ///
# The first step may write into w0.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path, w = [np.array(w0)], w0
    for _ in range(steps):
        w = optimizer.step(w, gradient(w))
        path.append(np.array(w))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
