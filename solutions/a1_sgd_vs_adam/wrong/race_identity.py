# /// variant
# misconception = "race-identity"
# fails = [
#     "test_largest_stable_rate_is_set_by_the_steepest_direction",
#     "test_descent_records_the_start_and_every_step",
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
#     "test_race_gives_all_the_same_start_and_budget",
#     "test_race_makes_every_optimizer_once_and_afresh",
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = ["not-made", "step-not-taken"]
# ///
# Everybody stays at the start.


# %% task="a1_t8"
def largest_stable_rate(H):
    return np.max(H)


def descend(gradient, w0, optimizer, steps):
    return np.repeat([w0], steps + 1, axis=0)


def fair_race(gradient, w0, make_optimizers, steps):
    paths = {}
    for name, make_optimizer in make_optimizers.items():
        paths[name] = np.repeat([w0], steps + 1, axis=0)
    return paths
