# Written from the released notebook alone, on purpose by other ways: cuts by np.split, a loop over
# samples, averages as one matrix, Adam in torch, decay before the step, the whole history of
# errors, and hills by ridge regression on a lattice of bumps.


# %% task="a1_t1"
def layer_views(flat, sizes):
    """Return one view of flat a layer, shape (n_in + 1, n_out), bias row first."""
    counts = [(sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1)]
    ends = np.cumsum(counts)
    if ends[-1] != flat.size:
        raise ValueError("wrong number of weights for these sizes")
    pieces = np.split(flat, ends[:-1])
    return [piece.reshape(-1, n_out) for piece, n_out in zip(pieces, sizes[1:], strict=True)]


def pack(arrays):
    """Return (flat, views): a new float64 vector of all entries, and a view of it per array."""
    flat = np.concatenate([np.zeros(0)] + [np.ravel(a) for a in arrays]).astype(np.float64)
    pieces = np.split(flat, np.cumsum([a.size for a in arrays], dtype=int))[:-1]
    return flat, [piece.reshape(a.shape) for piece, a in zip(pieces, arrays, strict=True)]


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    """Yield the pairs (x_batch, t_batch) of one epoch, in an order drawn from rng."""
    left = list(range(len(x)))
    if batch_size is not None:
        rng.shuffle(left)
    while left:
        now, left = left[:batch_size], left[batch_size:] if batch_size else []
        yield x[now], t[now]


def linear_gradient(w, x, t):
    """Return the slopes, shape (n_in + 1, 1), of a linear model's mean squared error."""
    total = np.zeros(w.shape)
    for x_i, t_i in zip(x, t, strict=True):
        row = np.array([1.0, *x_i])
        error = row @ w[:, 0] - t_i[0]
        total[:, 0] += 2 * error * row
    return total / len(x)


# %% task="a1_t3"
from math import exp


def inverse_time(lr, t, k):
    """Return the rate lr / (1 + k t) after t steps; all three are numbers."""
    return lr / (1 + k * t)


def exponential(lr, t, k):
    """Return the rate lr exp(-k t) after t steps; all three are numbers."""
    return lr * exp(-k * t)


class SGD:
    """Gradient descent with momentum, state changed in place."""

    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr, self.momentum = lr, momentum
        self.schedule = schedule or (lambda lr, t: lr)
        self.v, self.t = None, 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.v is None:
            self.v = np.array(g, dtype=float)
        else:
            self.v *= self.momentum
            self.v += g
        rate = self.schedule(self.lr, self.t)
        self.t += 1
        new = np.array(w, dtype=float)
        new -= rate * self.v
        return new


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    """Return the exponentially weighted averages of values, shape (n, ...), in the same shape."""
    n = len(values)
    age = np.arange(n)[:, None] - np.arange(n)[None, :]
    weights = np.where(age >= 0, (1 - beta) * float(beta) ** np.maximum(age, 0), 0.0)
    if correct:
        weights = weights / weights.sum(axis=1, keepdims=True)
    return np.tensordot(weights, np.asarray(values, dtype=float), axes=1)


class RMSProp:
    """Gradient descent in which each slope is divided by its usual size."""

    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps = lr, beta, eps
        self.v, self.t = None, 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        news = (1 - self.beta) * np.square(np.array(g, dtype=float))
        self.v = np.array(news if self.v is None else self.beta * self.v + news)
        self.t += 1
        return np.array(w - self.lr / (np.sqrt(self.v) + self.eps) * g)


# %% task="a1_t5"
import torch


class Adam:
    """Adam, computed by torch tensors; m and v are NumPy arrays outside."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        w, g = (torch.tensor(np.asarray(a), dtype=torch.float64) for a in (w, g))
        m = torch.zeros_like(w) if self.m is None else torch.tensor(self.m)
        v = torch.zeros_like(w) if self.v is None else torch.tensor(self.v)
        m = torch.lerp(g, m, self.beta1)
        v = torch.lerp(g * g, v, self.beta2)
        self.t += 1
        c1, c2 = 1 - self.beta1**self.t, 1 - self.beta2**self.t
        new = w - self.lr * (m / c1) / ((v / c2).sqrt() + self.eps)
        self.m, self.v = m.numpy(), v.numpy()
        return new.numpy()


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    """Return the slopes of the loss plus strength / 2 times the sum of squared weights."""
    return np.add(g, np.multiply(strength, w))


class AdamW(Adam):
    """Adam with decoupled weight decay: shrink what came in, then let Adam step from there."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        Adam.__init__(self, lr, beta1, beta2, eps)
        self.weight_decay = weight_decay

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        return Adam.step(self, w * (1 - self.lr * self.weight_decay), g)


# %% task="a1_t7"
class Standardizer:
    """Measures columns in training standard deviations from the training mean."""

    def fit(self, x):
        """Learn mean and spread of each column of x, shape (N, columns)."""
        self.mean, self.spread = np.zeros(x.shape[1]), np.ones(x.shape[1])
        for j, column in enumerate(x.T):
            self.mean[j] = sum(column) / len(column)
            if len(set(column.tolist())) > 1:
                self.spread[j] = np.sqrt(sum((column - self.mean[j]) ** 2) / len(column))
        return self

    def transform(self, x):
        """Return x, shape (rows, columns), standardised."""
        return np.array([(row - self.mean) / self.spread for row in x]).reshape(x.shape)

    def inverse(self, z):
        """Return standardised rows z in units again."""
        return np.array([row * self.spread + self.mean for row in z]).reshape(z.shape)


def predict_in_units(model, x, inputs, targets):
    """Return what the model answers to inputs x, both in their units."""
    z = inputs.transform(x)
    answers = model(z)
    return targets.inverse(answers)


# %% task="a1_t8"
def largest_stable_rate(H):
    """Return 2 / the largest eigenvalue of a symmetric array of shape (n, n)."""
    return 2 / np.linalg.norm(H, 2)


def descend(gradient, w0, optimizer, steps):
    """Return the weights at the start and after every step, shape (steps + 1, n)."""
    w = tuple(w0)
    rows = [w]
    while len(rows) <= steps:
        w = tuple(optimizer.step(np.array(w, float), np.array(gradient(np.array(w, float)), float)))
        rows.append(w)
    return np.array(rows, dtype=float)


def fair_race(gradient, w0, make_optimizers, steps):
    """Return for each name the path of its optimizer, all from w0, all with as many steps."""
    optimizers = {name: make() for name, make in make_optimizers.items()}
    return {name: descend(gradient, w0, one, steps) for name, one in optimizers.items()}


# %% task="a1_t9"
class EarlyStopping:
    """Watches a validation error, says when to stop, and keeps the best weights."""

    def __init__(self, patience):
        self.patience = patience
        self.best_error, self.best_weights = np.inf, None
        self.history = []

    def update(self, error, w):
        """Take note of an error and the weights that have it; return True to stop."""
        before = [e for e, _ in self.history if not np.isnan(e)]
        improved = np.isfinite(error) and all(error < e for e in before)
        if improved:
            self.best_error, self.best_weights = float(error), np.copy(w)
        self.history.append((error, improved))
        last = [better for _, better in self.history[-self.patience :]]
        return len(last) == self.patience and not any(last)


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Gaussian bumps on a lattice, ridge regression; width and strength by validation."""
    inputs, targets = Standardizer().fit(x_train), Standardizer().fit(t_train)
    x, t, x_watch = (
        inputs.transform(x_train),
        targets.transform(t_train),
        inputs.transform(x_valid),
    )
    t_watch = targets.transform(t_valid)
    line = np.linspace(-2, 2, 14)
    centres = np.array([(a, b) for a in line for b in line])

    def bumps(z, width):
        far = ((z[:, None, :] - centres) ** 2).sum(axis=2)
        return np.hstack([np.ones((len(z), 1)), np.exp(-far / (2 * width**2))])

    best = np.inf, None, None
    for width in (0.3, 0.45, 0.6, 0.9, 1.3):
        A, B = bumps(x, width), bumps(x_watch, width)
        for strength in np.geomspace(1e-4, 30, 12):
            w = np.linalg.solve(A.T @ A + strength * np.eye(A.shape[1]), A.T @ t)
            error = np.mean((B @ w - t_watch) ** 2)
            if error < best[0]:
                best = error, width, w
    _, width, w = best
    return lambda places: targets.inverse(bumps(inputs.transform(places), width) @ w)
