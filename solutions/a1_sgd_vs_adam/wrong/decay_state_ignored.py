# /// variant
# misconception = "decay-state-ignored"
# fails = [
#     "test_adamw_remembers_slopes_without_decay",
# ]
# hints = ["state-ignored"]
# ///
# The averages that count have other names; m and v are there to be looked at.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return g + strength * w


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.first = None
        self.second = None
        self.t = 0
        self.m = self.v = None

    def step(self, w, g):
        if self.first is None:
            self.first, self.second = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.first = self.beta1 * self.first + (1.0 - self.beta1) * g
        self.second = self.beta2 * self.second + (1.0 - self.beta2) * g**2
        m_hat = self.first / (1.0 - self.beta1**self.t)
        v_hat = self.second / (1.0 - self.beta2**self.t)
        step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        self.m, self.v = self.first, self.second
        return w - step - self.lr * self.weight_decay * w
