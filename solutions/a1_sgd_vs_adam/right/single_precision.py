# Everything in float32, which the notebook allows; the state too, and the result.


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return np.float32(lr) / (np.float32(1) + np.float32(k) * np.float32(t))


def exponential(lr, t, k):
    return np.float32(lr) * np.exp(np.float32(-k) * np.float32(t))


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr, self.schedule = lr, schedule
        self.momentum = np.float32(momentum)
        self.v, self.t = None, 0

    def step(self, w, g):
        w, g = np.float32(w), np.float32(g)
        v = np.zeros_like(w) if self.v is None else np.float32(self.v)
        eta = self.lr if self.schedule is None else self.schedule(self.lr, self.t)
        self.v = self.momentum * v + g
        self.t += 1
        return w - np.float32(eta) * self.v


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = map(np.float32, (lr, beta1, beta2, eps))
        self.log_betas = np.log([beta1, beta2])
        self.m, self.v, self.t = None, None, 0

    def step(self, w, g):
        w, g = np.float32(w), np.float32(g)
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        m, v = np.float32(self.m), np.float32(self.v)
        self.t += 1
        one = np.float32(1)
        self.m = self.beta1 * m + (one - self.beta1) * g
        self.v = self.beta2 * v + (one - self.beta2) * g * g
        # 1 - beta**t by expm1: no digits are lost to the subtraction.
        c1, c2 = np.float32(-np.expm1(self.t * self.log_betas))
        return w - self.lr * (self.m / c1) / (np.sqrt(self.v / c2) + self.eps)
