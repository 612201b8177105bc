# /// variant
# misconception = "l2-pushes-away"
# fails = [
#     "test_l2_adds_the_slope_of_the_penalty",
# ]
# hints = ["l2-pushes-away"]
# ///
# The penalty with the wrong sign.


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return g - strength * w


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.m = self.beta1 * self.m + (1.0 - self.beta1) * g
        self.v = self.beta2 * self.v + (1.0 - self.beta2) * g**2
        m_hat = self.m / (1.0 - self.beta1**self.t)
        v_hat = self.v / (1.0 - self.beta2**self.t)
        step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w - step - self.lr * self.weight_decay * w
