# /// variant
# misconception = "rate-from-diagonal"
# fails = [
#     "test_largest_stable_rate_is_set_by_the_steepest_direction",
# ]
# hints = ["rate-from-diagonal"]
# ///
# The largest entry of the diagonal.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / np.diag(H).max()


def descend(gradient, w0, optimizer, steps):
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()
        path.append(np.array(optimizer.step(w, gradient(w))))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
