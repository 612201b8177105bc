# /// variant
# misconception = "adam-slopes-squared-in-place"
# fails = ["test_adam_changes_no_argument_and_no_result"]
# hints = ["slopes-changed"]
# ///
# The slopes are squared where they lie.


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        g *= g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
