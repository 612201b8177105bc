# /// variant
# misconception = "decay-pass"
# fails = [
#     "test_l2_adds_the_slope_of_the_penalty",
#     "test_decay_pulls_by_rate_times_strength_times_weight",
#     "test_adamw_follows_its_rule_over_many_steps",
#     "test_adamw_default_settings",
#     "test_adamw_remembers_slopes_without_decay",
#     "test_adamw_keeps_what_every_optimizer_promises",
# ]
# hints = []
# ///
# Nothing is returned or done.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    pass


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        pass

    def step(self, w, g):
        pass
