# One weight at a time in plain Python, with no array arithmetic at all; the state is filled entry
# by entry. The numbers are Python floats, so a division by zero would raise instead of warn.


# %% task="a1_t1"
def layer_views(flat, sizes):
    needed = 0
    for layer in range(len(sizes) - 1):
        needed += (sizes[layer] + 1) * sizes[layer + 1]
    if needed != len(flat):
        raise ValueError("flat belongs to a network of another size")
    views = []
    taken = 0
    for layer in range(len(sizes) - 1):
        rows, columns = sizes[layer] + 1, sizes[layer + 1]
        view = flat[taken : taken + rows * columns]
        view.shape = (rows, columns)
        views.append(view)
        taken += rows * columns
    return views


def pack(arrays):
    entries, lengths = [], []
    for array in arrays:
        lengths.append(0)
        for index in np.ndindex(array.shape):
            entries.append(float(array[index]))
            lengths[-1] += 1
    flat = np.array(entries, dtype=float)
    views, taken = [], 0
    for array, length in zip(arrays, lengths, strict=True):
        view = flat[taken : taken + length]
        view.shape = array.shape
        views.append(view)
        taken += length
    return flat, views


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    remaining = list(range(len(x)))
    if batch_size is None:
        batch_size = len(x)
    else:
        for last in range(len(x) - 1, 0, -1):
            other = int(rng.integers(0, last + 1))
            remaining[last], remaining[other] = remaining[other], remaining[last]
    while remaining:
        rows, remaining = remaining[:batch_size], remaining[batch_size:]
        yield np.array([x[row] for row in rows]), np.array([t[row] for row in rows])


def linear_gradient(w, x, t):
    slopes = np.zeros(w.shape)
    for row, target in zip(x, t, strict=True):
        error = w[0, 0] + sum(w[j + 1, 0] * row[j] for j in range(len(row))) - target[0]
        slopes[0, 0] += 2 * error / len(x)
        for j in range(len(row)):
            slopes[j + 1, 0] += 2 * error * row[j] / len(x)
    return slopes


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


# %% task="a1_t4"
import math


def ewa(values, beta, correct=False):
    values = np.asarray(values, dtype=float)
    result = np.empty(values.shape)
    for i in np.ndindex(values.shape[1:]):
        average, fallen_short = 0.0, 1.0
        for k in range(values.shape[0]):
            average = beta * average + (1 - beta) * float(values[(k, *i)])
            fallen_short *= beta
            result[(k, *i)] = average / (1 - fallen_short) if correct else average
    return result


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr, self.beta, self.eps = lr, beta, eps
        self.v, self.t = None, 0

    def step(self, w, g):
        shape = np.shape(w)
        w, g = np.ravel(w).tolist(), np.ravel(g).tolist()
        v = [0.0] * len(w) if self.v is None else np.ravel(self.v).tolist()
        for i in range(len(w)):
            v[i] = self.beta * v[i] + (1 - self.beta) * g[i] * g[i]
            w[i] -= self.lr * g[i] / (math.sqrt(v[i]) + self.eps)
        self.v = np.reshape(v, shape)
        self.t += 1
        return np.reshape(w, shape)


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


# %% task="a1_t6"
import math


def l2_slopes(w, g, strength):
    shape = np.shape(w)
    pairs = zip(np.ravel(w).tolist(), np.ravel(g).tolist(), strict=True)
    return np.array([slope + strength * weight for weight, slope in pairs]).reshape(shape)


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.shrinks_by = 1 - lr * weight_decay
        self.m = self.v = None
        self.t = 0

    def step(self, w, g):
        shape = np.shape(w)
        w, g = np.ravel(w).tolist(), np.ravel(g).tolist()
        m = [0.0] * len(w) if self.m is None else np.ravel(self.m).tolist()
        v = [0.0] * len(w) if self.v is None else np.ravel(self.v).tolist()
        t = self.t + 1
        for i in range(len(w)):
            m[i] = self.beta1 * m[i] + (1 - self.beta1) * g[i]
            v[i] = self.beta2 * v[i] + (1 - self.beta2) * g[i] * g[i]
            m_hat = m[i] / (1 - math.pow(self.beta1, t))
            v_hat = v[i] / (1 - math.pow(self.beta2, t))
            w[i] = self.shrinks_by * w[i] - self.lr * m_hat / (math.sqrt(v_hat) + self.eps)
        self.m, self.v = np.reshape(m, shape), np.reshape(v, shape)
        self.t = t
        return np.reshape(w, shape)


# %% task="a1_t7"
import math


class Standardizer:
    def fit(self, x):
        self.mean, self.spread = [], []
        for column in zip(*x.tolist(), strict=True):
            mean = math.fsum(column) / len(column)
            squares = [(value - mean) ** 2 for value in column]
            constant = all(value == column[0] for value in column)
            self.mean.append(mean)
            self.spread.append(1.0 if constant else math.sqrt(math.fsum(squares) / len(column)))

    def transform(self, x):
        out = np.empty(x.shape)
        for i, j in np.ndindex(x.shape):
            out[i, j] = (x[i, j] - self.mean[j]) / self.spread[j]
        return out

    def inverse(self, z):
        out = np.empty(z.shape)
        for i, j in np.ndindex(z.shape):
            out[i, j] = self.mean[j] + self.spread[j] * z[i, j]
        return out


def predict_in_units(model, x, inputs, targets):
    shown = inputs.transform(x)
    answers = np.asarray(model(shown), dtype=float)
    return targets.inverse(answers)


# %% task="a1_t8"
def largest_stable_rate(H):
    """The largest eigenvalue by the power method: a vector multiplied again and again."""
    n = len(H)
    v = [1.0 + 0.1 * i for i in range(n)]
    for _ in range(5000):
        v = [sum(float(H[i][j]) * v[j] for j in range(n)) for i in range(n)]
        size = sum(entry * entry for entry in v) ** 0.5
        v = [entry / size for entry in v]
    return 2.0 / sum(v[i] * float(H[i][j]) * v[j] for i in range(n) for j in range(n))


def descend(gradient, w0, optimizer, steps):
    path = np.empty((steps + 1, len(w0)))
    for j in range(len(w0)):
        path[0, j] = w0[j]
    for k in range(steps):
        here = np.array([path[k, j] for j in range(len(w0))])
        slope = gradient(np.array([path[k, j] for j in range(len(w0))]))
        there = optimizer.step(here, slope)
        for j in range(len(w0)):
            path[k + 1, j] = there[j]
    return path


def fair_race(gradient, w0, make_optimizers, steps):
    """All at once: everybody takes the first step, then everybody the second."""
    optimizers = {name: make() for name, make in make_optimizers.items()}
    paths = {name: [[float(entry) for entry in w0]] for name in optimizers}
    for _ in range(steps):
        for name, optimizer in optimizers.items():
            w = np.array(paths[name][-1])
            there = optimizer.step(w.copy(), gradient(w))
            paths[name].append([float(entry) for entry in there])
    return {name: np.array(path) for name, path in paths.items()}


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience_left = self.patience = patience
        self.best_error = float("inf")
        self.best_weights = None

    def update(self, error, w):
        self.patience_left -= 1
        if error < self.best_error:
            self.patience_left = self.patience
            self.best_error, self.best_weights = float(error), np.copy(w)
        return self.patience_left <= 0


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Fit a small parabola around every place; how far "around" reaches, validation decides."""
    scale = x_train.std(axis=0)

    def height_at(place, reach):
        away = (x_train - place) / scale
        weight = np.exp(-0.25 * np.sum(away**2, axis=1) / reach**2)[:, None]
        east, north = away[:, :1], away[:, 1:]
        terms = np.hstack([0 * east + 1, east, north, east * north, east**2, north**2])
        return np.linalg.lstsq(weight * terms, weight * t_train, rcond=1e-6)[0][0, 0]

    def predict(places, reach):
        heights = np.empty((len(places), 1))
        for row, place in enumerate(places):
            heights[row] = height_at(place, reach)
        return heights

    reaches = (0.2, 0.25, 0.3, 0.4, 0.6, 0.8, 1.1)
    errors = [np.mean((predict(x_valid, reach) - t_valid) ** 2) for reach in reaches]
    return partial(predict, reach=reaches[int(np.argmin(errors))])
