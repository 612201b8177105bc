# Everything in float32, which the notebook allows; the state too, and the result.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    x, t = np.float32(x), np.float32(t)
    both = np.hstack([x, t])
    if batch_size is not None:
        rng.shuffle(both)
    size = batch_size or len(both)
    columns = x.shape[1]
    return [
        (both[k : k + size, :columns], both[k : k + size, columns:])
        for k in (range(0, len(both), size) if len(both) else ())
    ]


def linear_gradient(w, x, t):
    w, x, t = np.float32(w), np.float32(x), np.float32(t)
    error = w[0] + x @ w[1:] - t
    return 2 * np.vstack([error.mean(keepdims=True), x.T @ error / np.float32(len(x))])


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


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    values, beta = np.float32(values), np.float32(beta)
    averages = np.empty(values.shape, dtype=np.float32)
    a, left = np.zeros(values.shape[1:], dtype=np.float32), np.float32(1)
    for k in range(len(values)):
        a = beta * a + (np.float32(1) - beta) * values[k]
        left *= beta
        averages[k] = a / (np.float32(1) - left) if correct else a
    return averages


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps = map(np.float32, (lr, beta, eps))
        self.v, self.t = None, 0

    def step(self, w, g):
        w, g = np.float32(w), np.float32(g)
        v = np.zeros_like(w) if self.v is None else np.float32(self.v)
        self.t += 1
        self.v = self.beta * v + (np.float32(1) - self.beta) * g * g
        return w - self.lr * g / (np.sqrt(self.v) + self.eps)


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


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return np.float32(g) + np.float32(strength) * np.float32(w)


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = map(np.float32, (lr, beta1, beta2, eps))
        self.decay = np.float32(lr * weight_decay)
        self.log_betas = np.log([beta1, beta2])
        self.m, self.v, self.t = None, None, 0

    def step(self, w, g):
        w, g = np.float32(w), np.float32(g)
        m = np.zeros_like(w) if self.m is None else np.float32(self.m)
        v = np.zeros_like(w) if self.v is None else np.float32(self.v)
        self.t += 1
        one = np.float32(1)
        self.m = self.beta1 * m + (one - self.beta1) * g
        self.v = self.beta2 * v + (one - self.beta2) * g * g
        c1, c2 = np.float32(-np.expm1(self.t * self.log_betas))
        step = self.lr * (self.m / c1) / (np.sqrt(self.v / c2) + self.eps)
        return w - (step + self.decay * w)


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        x = np.float32(x)
        self.mean = x.mean(axis=0)
        self.spread = x.std(axis=0)
        self.spread[(x == x[0]).all(axis=0)] = 1

    def transform(self, x):
        return (np.float32(x) - self.mean) / self.spread

    def inverse(self, z):
        return np.float32(z) * self.spread + self.mean


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x)))


# %% task="a1_t8"
def largest_stable_rate(H):
    return np.float32(2) / np.linalg.norm(np.float32(H), 2)


def descend(gradient, w0, optimizer, steps):
    path = np.empty((steps + 1, len(w0)), dtype=np.float32)
    path[0] = w0
    for k in range(steps):
        path[k + 1] = optimizer.step(path[k].copy(), np.float32(gradient(path[k].copy())))
    return path


def fair_race(gradient, w0, make_optimizers, steps):
    start = np.float32(w0)
    return {name: descend(gradient, start, make(), steps) for name, make in make_optimizers.items()}


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.float32(np.inf)
        self.best_weights = None
        self.waited = 0

    def update(self, error, w):
        if np.float32(error) < self.best_error:
            self.best_error, self.waited = np.float32(error), 0
            self.best_weights = np.array(w, dtype=np.float32)
            return False
        self.waited += 1
        return bool(self.waited >= self.patience)


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Put a soft bump on every sample (kernel ridge regression); validation decides how soft."""
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    middle, height = t_train.mean(), t_train.std()
    x, x_watch = (((part - centre) / spread).astype(np.float32) for part in (x_train, x_valid))
    t, t_watch = (((part - middle) / height).astype(np.float32) for part in (t_train, t_valid))

    def bumps(a, b, width):
        return np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / np.float32(2 * width**2))

    best_error = np.inf
    for width in (0.3, 0.45, 0.7, 1.0):
        for ridge in (0.01, 0.1, 1.0, 10.0):
            system = bumps(x, x, width) + np.float32(ridge) * np.eye(len(x), dtype=np.float32)
            sizes = np.linalg.solve(system, t)
            error = np.mean((bumps(x_watch, x, width) @ sizes - t_watch) ** 2)
            if error < best_error:
                best_error, best = error, (width, sizes)

    def predict(places):
        standard = ((places - centre) / spread).astype(np.float32)
        return bumps(standard, x, best[0]) @ best[1] * np.float32(height) + np.float32(middle)

    return predict
