# The state is created once and then updated in place; scratch arrays, and extra keyword arguments
# in the manner of PyTorch, which do nothing unless they are asked for.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes, *, writeable=True):
    views, offset = [], 0
    for n_in, n_out in pairwise(sizes):
        if offset + (n_in + 1) * n_out > flat.size:
            raise ValueError("flat is too short")
        view = np.lib.stride_tricks.as_strided(
            flat[offset:],
            (n_in + 1, n_out),
            (n_out * flat.strides[0], flat.strides[0]),
            writeable=writeable,
        )
        views.append(view)
        offset += (n_in + 1) * n_out
    if offset < flat.size:
        raise ValueError("flat is too long")
    return tuple(views)


def pack(arrays, *, dtype=np.float64):
    ends = np.cumsum([np.size(array) for array in arrays], dtype=int)
    flat = np.empty(ends[-1] if len(ends) else 0, dtype=dtype)
    views = [part.reshape(a.shape) for part, a in zip(np.split(flat, ends), arrays, strict=False)]
    for view, array in zip(views, arrays, strict=True):
        np.copyto(view, array)
    return flat, tuple(views)


# %% task="a1_t3"
def inverse_time(lr, t, k=0.0, *, power=1.0):
    return lr / np.power(1.0 + k * t, power)


def exponential(lr, t, k=0.0, *, base=np.e):
    return lr * base ** (-k * t)


class SGD:
    __slots__ = ("lr", "momentum", "nesterov", "schedule", "t", "v", "weight_decay")

    def __init__(self, lr, momentum=0.0, schedule=None, *, nesterov=False, weight_decay=0.0):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.nesterov = nesterov
        self.weight_decay = weight_decay
        self.v = None
        self.t = 0

    def step(self, w, g):
        g = g + self.weight_decay * w
        if self.v is None:
            self.v = np.array(g, dtype=float, copy=True)
        else:
            self.v *= self.momentum
            self.v += g
        direction = g + self.momentum * self.v if self.nesterov else self.v
        eta = self.lr if self.schedule is None else self.schedule(self.lr, self.t)
        self.t += 1
        new = np.array(w, dtype=float, copy=True)
        new -= eta * direction
        return new


# %% task="a1_t4"
from dataclasses import dataclass
from itertools import accumulate


def ewa(values, beta, correct=False, *, start=0.0):
    def renewed(average, value):
        return beta * average + (1.0 - beta) * value

    averages = list(accumulate(values, renewed, initial=np.full(np.shape(values)[1:], start)))[1:]
    averages = np.reshape(averages, np.shape(values))
    if correct:
        reached = 1.0 - np.power(float(beta), np.arange(1, len(averages) + 1))
        averages = (averages.T / reached).T
    return averages


@dataclass
class RMSProp:
    lr: float
    beta: float = 0.9
    eps: float = 1e-8
    momentum: float = 0.0
    v: object = None
    t: int = 0

    def step(self, w, g):
        if self.v is None:
            self.v = np.zeros(np.shape(w))
        self.v *= self.beta
        self.v += (1.0 - self.beta) * np.square(g)
        self.t += 1
        scratch = np.array(np.sqrt(self.v))
        scratch += self.eps
        np.divide(g, scratch, out=scratch)
        scratch *= -self.lr
        scratch += w
        return scratch


# %% task="a1_t5"
from dataclasses import dataclass


@dataclass
class Adam:
    lr: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False
    m: object = None
    v: object = None
    t: int = 0

    def __post_init__(self):
        self.largest = 0.0

    def step(self, w, g):
        if self.m is None:
            self.m = np.full(np.shape(w), 0.0)
            self.v = np.full(np.shape(w), 0.0)
        self.t += 1
        scratch = g * (1.0 - self.beta1)
        self.m *= self.beta1
        self.m += scratch
        scratch = np.square(g)
        scratch *= 1.0 - self.beta2
        self.v *= self.beta2
        self.v += scratch
        scale = self.v
        if self.amsgrad:
            scale = self.largest = np.maximum(self.largest, self.v)
        denominator = np.sqrt(scale / (1.0 - np.power(self.beta2, self.t)))
        denominator += self.eps
        new = np.array(w, dtype=float) * (1.0 - self.lr * self.weight_decay)
        new -= self.lr / (1.0 - np.power(self.beta1, self.t)) * (self.m / denominator)
        return new


# %% task="a1_t6"
from dataclasses import dataclass


def l2_slopes(w, g, strength=0.0, *, out=None):
    slopes = np.multiply(w, strength, out=out)
    slopes += g
    return slopes


@dataclass
class AdamW:
    lr: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.01
    maximize: bool = False
    m: object = None
    v: object = None
    t: int = 0

    def step(self, w, g):
        g = -g if self.maximize else g
        if self.m is None:
            self.m, self.v = np.full(np.shape(w), 0.0), np.full(np.shape(w), 0.0)
        self.t += 1
        self.m *= self.beta1
        self.m += (1.0 - self.beta1) * g
        self.v *= self.beta2
        self.v += (1.0 - self.beta2) * np.square(g)
        new = np.array(w, dtype=float)
        new *= 1.0 - self.lr * self.weight_decay
        denominator = np.sqrt(self.v / (1.0 - self.beta2**self.t)) + self.eps
        new -= self.lr / (1.0 - self.beta1**self.t) * self.m / denominator
        return new


# %% task="a1_t7"
class Standardizer:
    __slots__ = ("mean", "spread")

    def fit(self, x, *, axis=0):
        centred = np.array(x, dtype=float)
        self.mean = centred[0] + (centred - centred[0]).mean(axis=axis)
        centred -= centred[0]
        centred -= centred.mean(axis=axis)
        np.square(centred, out=centred)
        self.spread = np.sqrt(centred.mean(axis=axis))
        self.spread[self.spread == 0.0] = 1.0
        return self

    def transform(self, x, *, out=None):
        out = np.array(x, dtype=float) if out is None else out
        out -= self.mean
        out /= self.spread
        return out

    def inverse(self, z):
        out = np.array(z, dtype=float)
        out *= self.spread
        out += self.mean
        return out


def predict_in_units(model, x, inputs, targets, *, copy=True):
    return targets.inverse(model(inputs.transform(x)))


# %% task="a1_t8"
def largest_stable_rate(H, *, safety=1.0):
    return safety * 2.0 / np.max(np.abs(np.linalg.eigvals(H)))


def descend(gradient, w0, optimizer, steps, *, callback=None):
    path = np.zeros((steps + 1, np.size(w0)))
    path[:] = w0
    w = path[0].copy()
    for row in path[1:]:
        w[...] = optimizer.step(w, gradient(w.copy()))
        row[...] = w
        if callback is not None:
            callback(w)
    return path


def fair_race(gradient, w0, make_optimizers, steps):
    return dict(
        zip(
            make_optimizers,
            [descend(gradient, w0, make(), steps) for make in make_optimizers.values()],
            strict=True,
        )
    )


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.lull = []

    def update(self, error, w):
        if not error < self.best_error:
            self.lull.append(error)
            return len(self.lull) == self.patience
        self.best_error = error
        self.lull.clear()
        if self.best_weights is None:
            self.best_weights = np.empty_like(w)
        self.best_weights[...] = w
        return False


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Average two networks; each trains inside one array, with a momentum kept in place."""
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    middle, height = float(t_train.mean()), float(t_train.std())

    def standard(x):
        return (x - centre) / spread

    def learn(seed):
        network = course.TanhNetwork([2, 30, 15, 1], seed=seed)
        stopping, velocity = EarlyStopping(patience=25), np.zeros_like(network.weights)
        rng, w = np.random.default_rng(seed), network.weights
        for epoch in range(120):
            for rows in np.array_split(rng.permutation(len(x_train)), len(x_train) // 20):
                slopes = network.gradient(
                    standard(x_train[rows]), (t_train[rows] - middle) / height
                )
                velocity *= 0.9
                velocity -= 0.05 / (1.0 + 0.03 * epoch) * slopes
                w += velocity
            error = network.loss(standard(x_valid), (t_valid - middle) / height)
            if stopping.update(error, w):
                break
        w[:] = stopping.best_weights
        return network

    networks = [learn(seed) for seed in range(2)]

    def predict(places):
        answers = [network.predict(standard(places)) for network in networks]
        return np.mean(answers, axis=0) * height + middle

    return predict
