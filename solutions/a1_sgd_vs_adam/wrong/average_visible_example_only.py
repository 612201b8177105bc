# /// variant
# misconception = "average-visible-example-only"
# fails = [
#     "test_average_keeps_a_share_and_takes_the_rest",
#     "test_corrected_average_makes_up_for_the_start_at_zero",
#     "test_average_takes_any_rows_and_changes_none",
#     "test_rmsprop_divides_by_the_root_of_the_average_square",
#     "test_rmsprop_remembers_and_resumes",
#     "test_rmsprop_keeps_what_every_optimizer_promises",
# ]
# hints = []
# ///
# A table of what the visible checks ask for.


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    table = np.array([4.0, 2.0 / 0.75, 4.0 / 0.875]) if correct else np.array([2.0, 2.0, 4.0])
    if np.ndim(values) == 2:
        return table[:, None] * [1, 2]
    return table


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.v = None
        self.t = 0

    def step(self, w, g):
        self.t += 1
        self.v = np.full(np.shape(w), 4.0)
        return w - (0.4 / 3.0 if self.t == 1 else 0.2 / 3.0)
