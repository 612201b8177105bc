# /// variant
# misconception = "rmsprop-sizes-for-squares"
# fails = [
#     "test_rmsprop_divides_by_the_root_of_the_average_square",
#     "test_rmsprop_remembers_and_resumes",
# ]
# hints = ["rmsprop-sizes-for-squares"]
# ///
# The average of the sizes of the slopes, with neither square nor root.


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
        self.v = None
        self.t = 0

    def step(self, w, g):
        if self.v is None:
            self.v = np.zeros_like(w)
        self.t += 1
        self.v = self.beta * self.v + (1.0 - self.beta) * np.abs(g)
        return w - self.lr * g / (self.v + self.eps)
