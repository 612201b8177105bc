# /// variant
# misconception = "adam-state-ignored"
# fails = ["test_saved_averages_and_count_can_be_set_again"]
# hints = ["state-ignored"]
# ///
# The state lives under other names; what is set from outside is never read.


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.m = self.v = None
        self.t = 0
        self.memory = None

    def step(self, w, g):
        if self.memory is None:
            self.memory = np.zeros_like(w), np.zeros_like(w), 0
        self.m, self.v, self.t = self.memory
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        self.memory = self.m, self.v, self.t
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
