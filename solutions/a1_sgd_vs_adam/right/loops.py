# One weight at a time in plain Python, with no array arithmetic at all; the state is filled entry
# by entry. The numbers are Python floats, so a division by zero would raise instead of warn.


# %% task="a1_t3"
import math


def inverse_time(lr, t, k):
    return lr * (1 + k * t) ** -1


def exponential(lr, t, k):
    return lr / math.exp(k * t)


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr, self.mu, self.schedule = lr, momentum, schedule or (lambda lr, t: lr)
        self.v, self.t = None, 0

    def step(self, w, g):
        w, g = np.asarray(w), np.asarray(g)
        if self.v is None:
            self.v = np.zeros(w.shape)
        self.v = np.array(self.v, dtype=float)
        eta = self.schedule(self.lr, self.t)
        new = np.empty(w.shape)
        for i in np.ndindex(w.shape):
            self.v[i] = float(g[i]) + self.mu * float(self.v[i])
            new[i] = float(w[i]) - eta * float(self.v[i])
        self.t += 1
        return new


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        shape = np.shape(w)
        w, g = np.ravel(w).tolist(), np.ravel(g).tolist()
        m = [0.0] * len(w) if self.m is None else np.ravel(self.m).tolist()
        v = [0.0] * len(w) if self.v is None else np.ravel(self.v).tolist()
        t = self.t + 1
        new = []
        for i in range(len(w)):
            m[i] = self.beta1 * m[i] + (1 - self.beta1) * g[i]
            v[i] = self.beta2 * v[i] + (1 - self.beta2) * g[i] * g[i]
            m_hat = m[i] / (1 - math.pow(self.beta1, t))
            v_hat = v[i] / (1 - math.pow(self.beta2, t))
            new.append(w[i] - self.lr * m_hat / (math.sqrt(v_hat) + self.eps))
        self.m, self.v = np.reshape(m, shape), np.reshape(v, shape)
        self.t = t
        return np.reshape(new, shape)
