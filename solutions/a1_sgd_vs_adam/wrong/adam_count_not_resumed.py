# /// variant
# misconception = "adam-count-not-resumed"
# fails = ["test_saved_averages_and_count_can_be_set_again"]
# hints = ["count-not-resumed"]
# ///
# The powers of beta are carried along beside t, so a saved t changes nothing.


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
        self.power1 = self.power2 = 1.0

    def step(self, w, g):
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m_hat = self.m / (1 - self.power1)
        v_hat = self.v / (1 - self.power2)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
