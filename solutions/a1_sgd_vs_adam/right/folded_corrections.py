# Both bias corrections folded into the step size, with eps scaled so that it still counts as if it
# were added after the correction. SGD is written as a change of the velocity.


# %% task="a1_t1"
from itertools import pairwise


def layer_views(flat, sizes):
    ends = np.cumsum([(n_in + 1) * n_out for n_in, n_out in pairwise(sizes)])
    *parts, rest = np.split(flat, ends)
    if rest.size:
        raise ValueError("some weights belong to no layer")
    return [
        part.reshape(-1, n_out) if part.size == (n_in + 1) * n_out else no_layer(n_in, n_out)
        for part, (n_in, n_out) in zip(parts, pairwise(sizes), strict=True)
    ]


def no_layer(n_in, n_out):
    raise ValueError(f"too few weights for a layer of {n_in} inputs and {n_out} outputs")


def pack(arrays):
    flat = np.hstack([[], *map(np.ravel, arrays)]).astype(float)
    starts = [sum(array.size for array in arrays[:number]) for number in range(len(arrays))]
    return flat, [
        flat[s : s + a.size].reshape(a.shape) for s, a in zip(starts, arrays, strict=True)
    ]


# %% task="a1_t3"
def inverse_time(lr, t, k):
    return 1.0 / (1.0 / lr + k * t / lr)


def exponential(lr, t, k):
    return lr * np.e ** (-k * t)


class SGD:
    v = None
    t = 0

    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.friction = 1.0 - momentum
        self.schedule = schedule

    def rate(self):
        return self.lr if self.schedule is None else self.schedule(lr=self.lr, t=self.t)

    def step(self, w, g):
        old = 0.0 * w if self.v is None else self.v
        change = g - self.friction * old
        new = w - self.rate() * (old + change)
        self.v, self.t = old + change, self.t + 1
        return new


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    """The corrected average is a mean whose newest value gets a share that falls with k."""
    values = np.array(values, dtype=float)
    mean = 0.0
    for k in range(len(values)):
        reached = 1 - beta ** (k + 1)
        mean = mean + (1 - beta) / reached * (values[k] - mean)
        values[k] = mean if correct else reached * mean
    return values


class RMSProp:
    v = None
    t = 0

    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.settings = lr, beta, eps

    def step(self, w, g):
        lr, beta, eps = self.settings
        old = 0.0 if self.v is None else self.v
        self.v, self.t = old + (1 - beta) * (np.square(g) - old), self.t + 1
        return w - lr / (np.sqrt(self.v) + eps) * g


# %% task="a1_t5"
class Adam:
    v = None
    m = None
    t = 0

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.settings = lr, beta1, beta2, eps

    def step(self, w, g):
        lr, beta1, beta2, eps = self.settings
        self.t += 1
        if self.t == 1 and self.m is None:
            self.m, self.v = (1 - beta1) * g, (1 - beta2) * np.square(g)
        else:
            self.m = self.m + (1 - beta1) * (g - self.m)
            self.v = self.v + (1 - beta2) * (np.square(g) - self.v)
        root_of_correction = np.sqrt(1 - beta2**self.t)
        step_size = lr * root_of_correction / (1 - beta1**self.t)
        return w - step_size * self.m / (np.sqrt(self.v) + eps * root_of_correction)


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    return np.add(g, np.multiply(w, strength))


class PlainAdam:
    m = v = None
    t = 0

    def __init__(self, lr, beta1, beta2, eps):
        self.settings = lr, beta1, beta2, eps

    def move(self, g):
        lr, beta1, beta2, eps = self.settings
        self.t += 1
        old_m, old_v = (0 * g, 0 * g) if self.m is None else (self.m, self.v)
        self.m = old_m + (1 - beta1) * (g - old_m)
        self.v = old_v + (1 - beta2) * (np.square(g) - old_v)
        root_of_correction = np.sqrt(1 - beta2**self.t)
        step_size = lr * root_of_correction / (1 - beta1**self.t)
        return step_size * self.m / (np.sqrt(self.v) + eps * root_of_correction)


class AdamW(PlainAdam):
    """The decay is a factor on the weights; everything else is inherited."""

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(lr, beta1, beta2, eps)
        self.kept = 1 - lr * weight_decay

    def step(self, w, g):
        return self.kept * w - self.move(g)


# %% task="a1_t8"
from itertools import accumulate


def largest_stable_rate(H):
    return np.reciprocal(np.linalg.eigh(0.5 * H)[0][-1])


def descend(gradient, w0, optimizer, steps):
    def next_weights(w, _):
        return np.array(optimizer.step(np.array(w), gradient(w)))

    return np.vstack(list(accumulate(range(steps), next_weights, initial=np.array(w0))))


def fair_race(gradient, w0, make_optimizers, steps):
    results = dict.fromkeys(make_optimizers)
    for name in reversed(results):
        results[name] = descend(gradient, w0, make_optimizers[name](), steps)
    return results
