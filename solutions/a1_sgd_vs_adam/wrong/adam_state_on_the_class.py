# /// variant
# misconception = "adam-state-on-the-class"
# fails = ["test_two_adams_know_nothing_of_each_other"]
# hints = ["state-shared"]
# ///
# Both averages belong to the class, so all optimizers share them.


# %% task="a1_t5"
class Adam:
    m = None
    v = None

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.t = 0

    def step(self, w, g):
        if Adam.m is None or np.shape(Adam.m) != np.shape(w):
            Adam.m, Adam.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        Adam.m = self.beta1 * Adam.m + (1 - self.beta1) * g
        Adam.v = self.beta2 * Adam.v + (1 - self.beta2) * g**2
        m_hat = Adam.m / (1 - self.beta1**self.t)
        v_hat = Adam.v / (1 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
