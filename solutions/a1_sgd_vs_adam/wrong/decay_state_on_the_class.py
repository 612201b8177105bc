# /// variant
# misconception = "decay-state-on-the-class"
# fails = [
#     "test_decay_pulls_by_rate_times_strength_times_weight",
#     "test_adamw_follows_its_rule_over_many_steps",
#     "test_adamw_remembers_slopes_without_decay",
#     "test_adamw_keeps_what_every_optimizer_promises",
# ]
# hints = ["state-shared"]
# ///
# The averages live in the class, so all optimizers share them.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return g + strength * w


class AdamW:
    m = v = None

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0

    def step(self, w, g):
        if AdamW.m is None or AdamW.m.shape != np.shape(w):
            AdamW.m, AdamW.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        AdamW.m = self.beta1 * AdamW.m + (1.0 - self.beta1) * g
        AdamW.v = self.beta2 * AdamW.v + (1.0 - self.beta2) * g**2
        m_hat = AdamW.m / (1.0 - self.beta1**self.t)
        v_hat = AdamW.v / (1.0 - self.beta2**self.t)
        step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w - step - self.lr * self.weight_decay * w
