# /// variant
# misconception = "rmsprop-state-on-the-class"
# fails = [
#     "test_rmsprop_divides_by_the_root_of_the_average_square",
#     "test_rmsprop_remembers_and_resumes",
#     "test_rmsprop_keeps_what_every_optimizer_promises",
# ]
# hints = ["state-shared"]
# ///
# The average lives in the class, so all optimizers share it.


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    averages = np.zeros(np.shape(values))
    a = 0.0
    for k, value in enumerate(values, start=1):
        a = beta * a + (1.0 - beta) * value
        averages[k - 1] = a / (1.0 - beta**k) if correct else a
    return averages


class RMSProp:
    v = None

    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.t = 0

    def step(self, w, g):
        if RMSProp.v is None or RMSProp.v.shape != np.shape(w):
            RMSProp.v = np.zeros_like(w)
        self.t += 1
        RMSProp.v = self.beta * RMSProp.v + (1.0 - self.beta) * g**2
        return w - self.lr * g / (np.sqrt(RMSProp.v) + self.eps)
