# /// variant
# misconception = "descent-shares-memory"
# fails = [
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
# ]
# hints = ["rows-share-memory"]
# ///
# The path keeps what step returns, and hands it on.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    w = np.array(w0)
    path = [w.copy()]
    for _ in range(steps):
        w = optimizer.step(w, gradient(w))
        path.append(w)
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
