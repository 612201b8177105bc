# /// variant
# misconception = "descent-without-last"
# fails = [
#     "test_descent_records_the_start_and_every_step",
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
# ]
# hints = ["last-missing"]
# ///
# The path ends before the last step.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        path.append(np.array(optimizer.step(w, gradient(w))))
    return np.array(path[:-1]).reshape(steps, -1)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
