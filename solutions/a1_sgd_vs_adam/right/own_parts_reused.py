# Written from the released notebook alone, with the parts of earlier answers in later ones: AdamW
# grows out of Adam, and the hills are fitted with Standardizer, Adam and EarlyStopping.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    """Return one view of flat a layer, shape (n_in + 1, n_out), bias row first."""
    shapes = [(n_in + 1, n_out) for n_in, n_out in pairwise(sizes)]
    if sum(rows * cols for rows, cols in shapes) != len(flat):
        raise ValueError(f"{len(flat)} weights do not fit a network with sizes {sizes}")
    views, start = [], 0
    for rows, cols in shapes:
        end = start + rows * cols
        views.append(flat[start:end].reshape(rows, cols))
        start = end
    return views


def pack(arrays):
    """Return (flat, views): a new float64 vector of all entries, and a view of it per array."""
    flat = np.zeros(sum(a.size for a in arrays))
    views, start = [], 0
    for a in arrays:
        view = flat[start : start + a.size].reshape(a.shape)
        view[...] = a
        views.append(view)
        start += a.size
    return flat, views


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    """Yield the pairs (x_batch, t_batch) of one epoch, in an order drawn from rng."""
    n = len(x)
    if n == 0:
        return
    if batch_size is None:
        yield x.copy(), t.copy()
        return
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    """Return the slopes, shape (n_in + 1, 1), of a linear model's mean squared error."""
    ones_x = np.hstack([np.ones((len(x), 1)), x])
    return 2 / len(x) * ones_x.T @ (ones_x @ w - t)


# %% task="a1_t3"
def inverse_time(lr, t, k):
    """Return the rate lr / (1 + k t) after t steps; all three are numbers."""
    return lr / (1 + k * t)


def exponential(lr, t, k):
    """Return the rate lr exp(-k t) after t steps; all three are numbers."""
    return lr * np.exp(-k * t)


class SGD:
    """Gradient descent with momentum."""

    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.v is None:
            self.v = np.zeros_like(w, dtype=float)
        lr = self.lr
        if self.schedule is not None:
            lr = self.schedule(self.lr, self.t)
        self.v = np.asarray(self.momentum * self.v + g)
        self.t += 1
        return np.asarray(w - lr * self.v)


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    """Return the exponentially weighted averages of values, shape (n, ...), in the same shape."""
    averages = np.zeros(values.shape)
    a = 0.0
    for k, value in enumerate(values, start=1):
        a = beta * a + (1 - beta) * value
        averages[k - 1] = a / (1 - beta**k) if correct else a
    return averages


class RMSProp:
    """Gradient descent in which each slope is divided by its usual size."""

    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.v is None:
            self.v = np.zeros_like(w, dtype=float)
        self.v = np.asarray(self.beta * self.v + (1 - self.beta) * g**2)
        self.t += 1
        return np.asarray(w - self.lr * g / (np.sqrt(self.v) + self.eps))


# %% task="a1_t5"
class Adam:
    """Adam: a step length for each weight, from two running averages of its slopes."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.m is None:
            self.m = np.zeros_like(w, dtype=float)
            self.v = np.zeros_like(w, dtype=float)
        self.t += 1
        self.m = np.asarray(self.beta1 * self.m + (1 - self.beta1) * g)
        self.v = np.asarray(self.beta2 * self.v + (1 - self.beta2) * g**2)
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return np.asarray(w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps))


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    """Return the slopes of the loss plus strength / 2 times the sum of squared weights."""
    return g + strength * w


class AdamW(Adam):
    """Adam with decoupled weight decay."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        return np.asarray(super().step(w, g) - self.lr * self.weight_decay * w)


# %% task="a1_t7"
class Standardizer:
    """Measures columns in training standard deviations from the training mean."""

    def fit(self, x):
        """Learn mean and spread of each column of x, shape (N, columns)."""
        self.mean = x.mean(axis=0)
        constant = x.max(axis=0) == x.min(axis=0)
        self.spread = np.where(constant, 1.0, x.std(axis=0))

    def transform(self, x):
        """Return x, shape (rows, columns), standardised."""
        return (x - self.mean) / self.spread

    def inverse(self, z):
        """Return standardised rows z in units again."""
        return self.mean + self.spread * z


def predict_in_units(model, x, inputs, targets):
    """Return what the model answers to inputs x, both in their units."""
    return targets.inverse(model(inputs.transform(x)))


# %% task="a1_t8"
def largest_stable_rate(H):
    """Return 2 / the largest eigenvalue of a symmetric array of shape (n, n)."""
    return 2 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    """Return the weights at the start and after every step, shape (steps + 1, n)."""
    path = np.zeros((steps + 1, len(w0)))
    path[0] = w0
    for k in range(steps):
        w = path[k].copy()
        g = np.array(gradient(w.copy()))
        path[k + 1] = optimizer.step(w, g)
    return path


def fair_race(gradient, w0, make_optimizers, steps):
    """Return for each name the path of its optimizer, all from w0, all with as many steps."""
    return {name: descend(gradient, w0, make(), steps) for name, make in make_optimizers.items()}


# %% task="a1_t9"
class EarlyStopping:
    """Watches a validation error, says when to stop, and keeps the best weights."""

    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.waited = 0

    def update(self, error, w):
        """Take note of an error and the weights that have it; return True to stop."""
        if error < self.best_error:
            self.best_error = error
            self.best_weights = np.array(w)
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Return a function that takes places, shape (n, 2), and returns heights, shape (n, 1)."""
    inputs, targets = Standardizer(), Standardizer()
    inputs.fit(x_train)
    targets.fit(t_train)
    x, t = inputs.transform(x_train), targets.transform(t_train)
    x_watch, t_watch = inputs.transform(x_valid), targets.transform(t_valid)

    network = course.TanhNetwork([2, 20, 10, 1], seed=0)
    adam = Adam(lr=0.02)
    stopping = EarlyStopping(patience=100)
    for _ in range(2000):
        if stopping.update(network.loss(x_watch, t_watch), network.weights):
            break
        network.weights = adam.step(network.weights, network.gradient(x, t))
    network.weights = stopping.best_weights
    return lambda places: predict_in_units(network.predict, places, inputs, targets)
