# /// variant
# misconception = "rmsprop-state-ignored"
# fails = [
#     "test_rmsprop_remembers_and_resumes",
# ]
# hints = ["state-ignored"]
# ///
# The state that counts has another name; v is only a copy to look at.


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    averages = np.zeros(np.shape(values))
    a = 0.0
    for k, value in enumerate(values, start=1):
        a = beta * a + (1.0 - beta) * value
        averages[k - 1] = a / (1.0 - beta**k) if correct else a
    return averages


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.average = self.v = None
        self.t = 0

    def step(self, w, g):
        if self.average is None:
            self.average = np.zeros_like(w)
        self.t += 1
        self.average = self.beta * self.average + (1.0 - self.beta) * g**2
        self.v = self.average
        return w - self.lr * g / (np.sqrt(self.average) + self.eps)
