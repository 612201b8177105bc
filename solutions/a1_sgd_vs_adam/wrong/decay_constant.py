# /// variant
# misconception = "decay-constant"
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
# The same numbers whatever comes.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return np.ones_like(w)


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        self.m, self.v = np.ones_like(w), np.ones_like(w)
        self.t += 1
        return np.zeros_like(w)
