# /// variant
# misconception = "race-visible-example-only"
# fails = [
#     "test_largest_stable_rate_is_set_by_the_steepest_direction",
#     "test_descent_records_the_start_and_every_step",
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
#     "test_race_gives_all_the_same_start_and_budget",
#     "test_race_makes_every_optimizer_once_and_afresh",
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = ["not-made"]
# ///
# A table of what the visible checks ask for.


# %% task="a1_t8"
def largest_stable_rate(H):
    return 2.0 / 3.0


def descend(gradient, w0, optimizer, steps):
    for _ in range(steps):
        gradient(w0)
    return np.array([[1.0, 0.0], [0.0, -0.5], [0.25, 0.0]])[: steps + 1]


def fair_race(gradient, w0, make_optimizers, steps):
    table = {"bold": [[1.0, 0.0], [0.0, -0.5]], "careful": [[1.0, 0.0], [0.5, -0.25]]}
    return {name: np.array(table.get(name, table["bold"])) for name in make_optimizers}
