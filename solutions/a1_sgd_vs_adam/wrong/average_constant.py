# /// variant
# misconception = "average-constant"
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
# The same numbers whatever comes.


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    return np.zeros(np.shape(values))


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.v = None
        self.t = 0

    def step(self, w, g):
        self.v = np.ones_like(w)
        self.t += 1
        return np.zeros_like(w)
