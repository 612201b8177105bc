# No recursion: every slope since the last known state is kept, and the averages are weighted sums
# over that history. The state that can be read and set is a property worked out on demand.


# %% task="a1_t1"
def layer_views(flat, sizes):
    if len(sizes) == 1:
        if flat.size:
            raise ValueError("weights are left over")
        return []
    first, second, *_ = sizes
    here = (first + 1) * second
    return [flat[:here].reshape(first + 1, second), *layer_views(flat[here:], sizes[1:])]


def views_in(flat, shapes):
    if not shapes:
        return []
    here = int(np.prod(shapes[0]))
    return [flat[:here].reshape(shapes[0]), *views_in(flat[here:], shapes[1:])]


def pack(arrays):
    flat = np.fromiter((entry for array in arrays for entry in array.flat), dtype=np.float64)
    return flat, views_in(flat, [array.shape for array in arrays])


# %% task="a1_t2"
class Epoch:
    """An iterator that draws one batch after the other from the rows that are left."""

    def __init__(self, x, t, size, rng):
        self.x, self.t, self.size, self.rng = x, t, size, rng
        self.left = np.arange(len(x))

    def __iter__(self):
        return self

    def __next__(self):
        if not len(self.left):
            raise StopIteration
        rows = self.left
        if self.size is not None:
            count = min(self.size, len(self.left))
            rows = self.rng.choice(self.left, size=count, replace=False)
        self.left = np.setdiff1d(self.left, rows)
        return [self.x[rows], self.t[rows]]


def minibatches(x, t, batch_size, rng):
    return Epoch(x, t, batch_size, rng)


def linear_gradient(w, x, t):
    each = [
        2 * (a[0] + row @ a[1:] - y) * np.append(1, row)
        for a, row, y in zip([w[:, 0]] * len(x), x, t[:, 0], strict=True)
    ]
    return np.mean(each, axis=0).reshape(w.shape)


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return np.divide(lr, np.add(1, np.multiply(k, t)))


def exponential(lr, t, k):
    return np.exp(np.log(lr) - k * t)


def weighted_sum(share, start, history):
    """Return share**n * start + the sum of share**(n - 1 - i) * history[i]."""
    total = share ** len(history) * start
    for age, entry in enumerate(reversed(history)):
        total = total + share**age * entry
    return total


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr, self.momentum, self.schedule = lr, momentum, schedule
        self.t = 0
        self.start, self.history = None, []

    @property
    def v(self):
        if self.start is None:
            return None
        return weighted_sum(self.momentum, self.start, self.history)

    @v.setter
    def v(self, saved):
        self.start, self.history = saved, []

    def step(self, w, g):
        if self.start is None:
            self.start = np.zeros(np.shape(w))
        self.history.append(np.array(g))
        eta = self.schedule(self.lr, self.t) if self.schedule else self.lr
        self.t += 1
        return w - eta * self.v


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    n = len(values)
    age = np.subtract.outer(np.arange(n), np.arange(n))
    shares = np.tril((1 - beta) * float(beta) ** np.maximum(age, 0))
    if correct:
        shares = shares / shares.sum(axis=1, keepdims=True)
    return np.tensordot(shares, values, axes=1)


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps, self.t = lr, beta, eps, 0
        self.start, self.squares = None, []

    @property
    def v(self):
        if self.start is None:
            return None
        total = self.beta ** len(self.squares) * self.start
        for age, square in enumerate(reversed(self.squares)):
            total = total + (1 - self.beta) * self.beta**age * square
        return total

    @v.setter
    def v(self, saved):
        self.start, self.squares = saved, []

    def step(self, w, g):
        if self.start is None:
            self.start = np.zeros(np.shape(w))
        self.squares.append(g * g)
        self.t += 1
        return w - self.lr * g / (self.v**0.5 + self.eps)


# %% task="a1_t5"
class Average:
    def __init__(self, beta):
        self.beta, self.start, self.history = beta, None, []

    def add(self, entry):
        if self.start is None:
            self.start = np.zeros(np.shape(entry))
        self.history.append((1 - self.beta) * entry)

    def value(self):
        if self.start is None:
            return None
        total = self.beta ** len(self.history) * self.start
        for age, entry in enumerate(reversed(self.history)):
            total = total + self.beta**age * entry
        return total


class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.eps, self.t = lr, eps, 0
        self.first, self.second = Average(beta1), Average(beta2)

    def __getattr__(self, name):
        if name in ("m", "v"):
            return (self.first if name == "m" else self.second).value()
        raise AttributeError(name)

    def __setattr__(self, name, value):
        if name in ("m", "v"):
            average = self.first if name == "m" else self.second
            average.start, average.history = value, []
        else:
            super().__setattr__(name, value)

    def step(self, w, g):
        self.t += 1
        self.first.add(g)
        self.second.add(g * g)
        m_hat = self.m / (1 - self.first.beta**self.t)
        v_hat = self.v / (1 - self.second.beta**self.t)
        return w - self.lr * m_hat / (v_hat**0.5 + self.eps)


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    """The penalty is the same as a decay of the weights by plain descent with a rate of 1."""
    return w - ((1 - strength) * w - g)


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.settings = lr, beta1, beta2, eps, weight_decay
        self.starts, self.history, self.t = [None, None], [], 0

    def average(self, which, beta, power):
        if self.starts[which] is None:
            return None
        total = beta ** len(self.history) * self.starts[which]
        for age, g in enumerate(reversed(self.history)):
            total = total + (1 - beta) * beta**age * g**power
        return total

    def begin(self, which, saved):
        self.starts = [self.m, self.v]
        self.starts[which] = saved
        self.history = []

    m = property(lambda self: self.average(0, self.settings[1], 1), lambda s, x: s.begin(0, x))
    v = property(lambda self: self.average(1, self.settings[2], 2), lambda s, x: s.begin(1, x))

    def step(self, w, g):
        lr, beta1, beta2, eps, decay = self.settings
        if self.starts[0] is None:
            self.starts = [np.zeros(np.shape(w)), np.zeros(np.shape(w))]
        self.history.append(np.array(g))
        self.t += 1
        m_hat, v_hat = self.m / (1 - beta1**self.t), self.v / (1 - beta2**self.t)
        return w - lr * m_hat / (v_hat**0.5 + eps) - lr * decay * w


# %% task="a1_t7"
class Standardizer:
    def fit(self, x):
        self.rows = np.array(x)

    @property
    def mean(self):
        return np.add.reduce(self.rows) / len(self.rows)

    @property
    def spread(self):
        shifted = self.rows - self.rows[:1]
        variance = np.square(shifted - shifted.mean(axis=0)).mean(axis=0)
        return np.where(shifted.any(axis=0), np.sqrt(variance), 1.0)

    def transform(self, x):
        return (x - self.mean) / self.spread

    def inverse(self, z):
        return self.mean + z * self.spread


def predict_in_units(model, x, inputs, targets):
    return targets.mean + targets.spread * model((x - inputs.mean) / inputs.spread)


# %% task="a1_t8"
def largest_stable_rate(H):
    """Singular values of a symmetric matrix without negative eigenvalues are its eigenvalues."""
    return 2 / np.linalg.svd(H, compute_uv=False)[0]


def walk(gradient, w, optimizer):
    while True:
        yield np.array(w)
        w = optimizer.step(w, gradient(w))


def descend(gradient, w0, optimizer, steps):
    rows = walk(gradient, np.array(w0), optimizer)
    return np.stack([next(rows) for _ in range(steps + 1)])


def fair_race(gradient, w0, make_optimizers, steps):
    walks = {name: walk(gradient, np.copy(w0), make()) for name, make in make_optimizers.items()}
    rows = [[next(walk) for walk in walks.values()] for _ in range(steps + 1)]
    return dict(zip(walks, np.swapaxes(rows, 0, 1), strict=True))


# %% task="a1_t9"
class EarlyStopping:
    """Remembers everything, and works out from that what is asked."""

    def __init__(self, patience, history=None):
        self.patience = patience
        self.history = [] if history is None else history

    def update(self, error, w):
        self.history.append((error if error == error else np.inf, np.array(w, copy=True)))
        errors = [error for error, _ in self.history]
        since = len(errors) - 1 - errors.index(min(errors))
        useless = len(errors) if np.isinf(min(errors)) else since
        return useless >= self.patience

    @property
    def best_error(self):
        return min([np.inf] + [error for error, _ in self.history])

    @property
    def best_weights(self):
        finite = [pair for pair in self.history if np.isfinite(pair[0])]
        return min(finite, key=lambda pair: pair[0])[1] if finite else None


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Draw 300 tanh units at random and solve for the output layer only."""
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    rng = np.random.default_rng(1)
    tilt, shift = 2.0 * rng.normal(size=(2, 300)), 3.0 * rng.uniform(-1, 1, size=300)

    def units(places):
        steps = np.tanh((places - centre) / spread @ tilt + shift)
        return np.hstack([steps, np.ones((len(places), 1))])

    features, found = units(x_train), []
    for strength in np.geomspace(1e-4, 100.0, 13):
        system = features.T @ features + strength * np.eye(features.shape[1])
        output = np.linalg.solve(system, features.T @ t_train)
        found.append((np.mean((units(x_valid) @ output - t_valid) ** 2), len(found), output))
    best = min(found)[2]
    return lambda places: units(places) @ best
