# /// variant
# misconception = "decay-visible-example-only"
# fails = [
#     "test_l2_adds_the_slope_of_the_penalty",
#     "test_decay_pulls_by_rate_times_strength_times_weight",
#     "test_adamw_follows_its_rule_over_many_steps",
#     "test_adamw_default_settings",
#     "test_adamw_remembers_slopes_without_decay",
#     "test_adamw_keeps_what_every_optimizer_promises",
# ]
# hints = ["decay-missing"]
# ///
# A table of what the visible checks ask for.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return np.array([4.5, 3.0])


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        self.t += 1
        self.m, self.v = np.full(np.shape(w), 2.0), np.full(np.shape(w), 4.0)
        return w - (0.13 if self.t == 1 else 0.109773414)
