# /// variant
# misconception = "adam-one-average-uncorrected"
# fails = [
#     "test_many_steps_with_slopes_from_one_to_the_tiniest",
#     "test_eps_stands_outside_the_root_and_after_the_correction",
#     "test_first_steps_are_corrected_for_the_start_at_zero",
# ]
# hints = ["one-average-uncorrected"]
# ///
# Only the first average is corrected.


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
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
