# /// variant
# misconception = "adam-visible-example-only"
# fails = [
#     "test_many_steps_with_slopes_from_one_to_the_tiniest",
#     "test_eps_stands_outside_the_root_and_after_the_correction",
#     "test_first_steps_are_corrected_for_the_start_at_zero",
#     "test_default_settings",
#     "test_steps_do_not_depend_on_the_scale_of_the_slopes",
#     "test_saved_averages_and_count_can_be_set_again",
# ]
# hints = []
# ///
# A table of what the visible checks ask for.


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        self.t += 1
        self.m, self.v = np.full(np.shape(w), 2.0), np.full(np.shape(w), 4.0)
        if not np.any(g):
            return w.copy()
        return w - (0.08 if self.t == 1 else 0.066273414)
