# /// variant
# misconception = "average-one-late"
# fails = [
#     "test_average_keeps_a_share_and_takes_the_rest",
#     "test_corrected_average_makes_up_for_the_start_at_zero",
# ]
# hints = ["average-one-late"]
# ///
# Each row holds the average before its value.


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    averages = np.zeros(np.shape(values))
    a = 0.0
    for k, value in enumerate(values, start=1):
        averages[k - 1] = a / (1.0 - beta**k) if correct else a
        a = beta * a + (1.0 - beta) * value
    return averages


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.v = None
        self.t = 0

    def step(self, w, g):
        if self.v is None:
            self.v = np.zeros_like(w)
        self.t += 1
        self.v = self.beta * self.v + (1.0 - self.beta) * g**2
        return w - self.lr * g / (np.sqrt(self.v) + self.eps)
