# /// variant
# misconception = "race-delegates-to-course"
# fails = [
#     "test_descent_records_the_start_and_every_step",
#     "test_descent_keeps_its_rows_when_a_step_writes_in_place",
#     "test_race_gives_all_the_same_start_and_budget",
#     "test_race_makes_every_optimizer_once_and_afresh",
#     "test_race_starts_afresh_when_steps_write_in_place",
# ]
# hints = []
# ///
# The course's panel does the walking.


# %% task="a1_t8"
from course.race.runs import run_race
from course.race.tracks import Track


def largest_stable_rate(H):
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    def loss(w1, w2):
        return np.zeros_like(w1)

    track = Track("", "", loss, gradient, tuple(w0), (0.0, 0.0), (0.0, 1.0, 0.0, 1.0))
    return run_race(lambda: optimizer, {}, track, steps, corrected=True).path


def fair_race(gradient, w0, make_optimizers, steps):
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }
