# Everything in float32, the precision that networks are trained with; only the differences of the
# judge are taken in float64, since rounding would eat them, and rounded afterwards. Variables are
# sorted by when they were made.


# %% task="a2_t1"
def chain_links(x):
    x = np.asarray(x, dtype=np.float32)
    u = np.sin(x)
    w = np.exp(-np.square(u))
    return [np.cos(x), 2 * u, -w, -np.sin(w)]


def chain_slope(x):
    return np.prod(np.array(chain_links(x)), axis=0)


# %% task="a2_t2"
def affine(x, w, b):
    return (single(x) @ single(w)) + single(b)


def single(a):
    return np.asarray(a, dtype=np.float32)


def affine_backward(upstream, x, w):
    g = single(upstream)
    return g @ single(w).T, single(x).T @ g, g.sum(axis=0)


# %% task="a2_t3"
def sigmoid(z):
    z = np.asarray(z, dtype=np.float32)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def relu(z):
    return np.maximum(np.asarray(z, dtype=np.float32), 0)


def sigmoid_slope(a):
    a = np.asarray(a, dtype=np.float32)
    return a * (1 - a)


def tanh_slope(a):
    return 1 - np.asarray(a, dtype=np.float32) ** 2


def relu_slope(a):
    return np.asarray(a > 0, dtype=np.float32)


def log_loss(z, t):
    z, t = np.asarray(z, dtype=np.float32), np.asarray(t, dtype=np.float32)
    return np.mean(np.logaddexp(np.float32(0), z) - t * z)


# %% task="a2_t4"
def log_softmax(z, labels=0):
    if np.min(labels) < 0 or np.max(labels) >= z.shape[1]:
        raise ValueError("a label is no class")
    z = (z - z.max(axis=1, keepdims=True)).astype(np.float32)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def softmax(z):
    return np.exp(log_softmax(z))


def cross_entropy(z, labels):
    return -np.take_along_axis(log_softmax(z, labels), labels[:, None], axis=1).mean()


def cross_entropy_slope(z, labels):
    truth = np.eye(z.shape[1], dtype=np.float32)
    p = np.exp(log_softmax(z, labels))
    return (p - truth[labels]) / np.float32(len(z))


# %% task="a2_t5"
def in_single(layers):
    return [(w.astype(np.float32), b.astype(np.float32)) for w, b in layers]


def forward(layers, x, activation="tanh"):
    bend = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    outputs = [x.astype(np.float32)]
    for w, b in in_single(layers[:-1]):
        outputs.append(bend(outputs[-1] @ w + b))
    ((w, b),) = in_single(layers[-1:])
    return [*outputs, outputs[-1] @ w + b]


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    outputs = forward(layers, x, activation)
    y, g = outputs[-1], None
    if loss == "mse":
        error = y - t.astype(np.float32)
        value, g = np.mean(error**2), error * np.float32(2 / error.size)
    else:
        y = y - y.max(axis=1, keepdims=True)
        y = y - np.log(np.exp(y).sum(axis=1, keepdims=True))
        rows = np.arange(len(t))
        value = -y[rows, t].mean()
        g = np.exp(y)
        g[rows, t] -= 1
        g /= np.float32(len(t))
    slopes = [None] * len(layers)
    for k, (w, _) in reversed(list(enumerate(in_single(layers)))):
        a = outputs[k]
        slopes[k] = (a.T @ g, g.sum(axis=0))
        g = (g @ w.T) * (1 - a**2 if activation == "tanh" else a > 0)
    return value, slopes


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    _, slopes = loss_and_slopes(layers, x, t, activation, loss)
    lr = np.float32(lr)
    return [
        tuple(p - lr * d for p, d in zip(layer, ds, strict=True))
        for layer, ds in zip(in_single(layers), slopes, strict=True)
    ]


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    w = np.asarray(w, dtype=np.float64)
    slopes = np.empty(w.shape, dtype=np.float32)
    with np.nditer(slopes, flags=["multi_index", "zerosize_ok"], op_flags=["writeonly"]) as walk:
        for slope in walk:
            ends = np.stack([w, w])
            ends[:, *walk.multi_index] += (h, -h)
            slope[...] = (f(ends[0]) - f(ends[1])) / (2 * h)
    return slopes


def relative_error(g, n):
    g, n = np.ravel(g), np.ravel(n)
    longer = max(np.linalg.norm(g), np.linalg.norm(n))
    return np.float32(0) if longer == 0 else np.float32(np.linalg.norm(g - n) / longer)


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    written = gradient(w)
    if np.shape(written) != np.shape(w):
        return False
    return relative_error(written, numeric_gradient(f, w, h)) < np.float32(tolerance)


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    weights = np.concatenate([w.ravel() for w, _ in layers]).astype(np.float32)
    return np.float32(l1) * np.linalg.norm(weights, 1) + np.float32(l2) * weights @ weights


def penalty_slopes(layers, l1=0.0, l2=0.0):
    slopes = []
    for w, b in layers:
        w = w.astype(np.float32)
        slopes.append((np.float32(l1) * np.sign(w) + np.float32(2 * l2) * w, 0 * b))
    return slopes


def within_budget(w, radius):
    w = w.astype(np.float32)
    length = np.linalg.norm(w)
    return w if length <= radius else w * np.float32(radius / length)


class Dropout:
    def __init__(self, rate, rng):
        if not (rate >= 0 and rate < 1):
            raise ValueError("a rate from 0 to below 1 is needed")
        self.rate, self.rng = rate, rng

    def forward(self, x, training=True):
        x = x.astype(np.float32)
        self.mask = np.ones(x.shape, dtype=np.float32)
        if training:
            self.mask = self.rng.binomial(1, 1 - self.rate, x.shape).astype(np.float32)
            self.mask /= np.float32(1 - self.rate)
        return x * self.mask

    def backward(self, upstream):
        return upstream.astype(np.float32) * self.mask


# %% task="a2_t8"
class BatchNorm:
    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.momentum, self.eps = np.float32(momentum), np.float32(eps)
        self.gamma, self.beta = np.ones((2, size), dtype=np.float32) * [[1], [0]]
        self.running_mean, self.running_var = np.zeros(size), np.ones(size)

    def forward(self, x, training=True):
        x = x.astype(np.float32)
        if not training:
            return self.shifted(x, self.running_mean, self.running_var)[0]
        mean, var = x.mean(axis=0), x.var(axis=0)
        for name, seen in (("running_mean", mean), ("running_var", var)):
            kept = getattr(self, name).astype(np.float32)
            setattr(self, name, kept + self.momentum * (seen - kept))
        y, self.x_hat, self.root = self.shifted(x, mean, var)
        return y

    def shifted(self, x, mean, var):
        root = np.sqrt(var.astype(np.float32) + self.eps)
        x_hat = (x - mean.astype(np.float32)) / root
        return single(self.gamma) * x_hat + single(self.beta), x_hat, root

    def backward(self, upstream):
        g = single(upstream)
        dgamma, dbeta = np.sum(g * self.x_hat, axis=0), np.sum(g, axis=0)
        dx = g - (dbeta + self.x_hat * dgamma) / np.float32(len(g))
        return dx * single(self.gamma) / self.root, dgamma, dbeta


# %% task="a2_t9"
class Variable:
    made = 0

    def __init__(self, value, *parents):
        self.value, self.grad, self.parents = np.float32(value), np.float32(0), parents
        Variable.made += 1
        self.number = Variable.made

    def __add__(self, other):
        if not isinstance(other, Variable):
            return Variable(self.value + np.float32(other), (self, np.float32(1)))
        return Variable(self.value + other.value, (self, np.float32(1)), (other, np.float32(1)))

    def __mul__(self, other):
        if not isinstance(other, Variable):
            return Variable(self.value * np.float32(other), (self, np.float32(other)))
        return Variable(self.value * other.value, (self, other.value), (other, self.value))

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return Variable(np.exp(self.value), (self, np.exp(self.value)))

    def tanh(self):
        e = np.exp(np.float32(-2) * np.abs(self.value))
        value = np.sign(self.value) * (1 - e) / (1 + e)
        return Variable(value, (self, 4 * e / (1 + e) ** 2))

    def backward(self):
        order = topological_order(self)
        for variable in order:
            variable.grad = np.float32(variable is self)
        while order:
            last = order.pop()
            for parent, slope in last.parents:
                parent.grad = parent.grad + slope * last.grad


def topological_order(result):
    """Sort by number: whatever a variable was made of is older than it."""
    reached, waiting = {result.number: result}, [result]
    while waiting:
        for parent, _ in waiting.pop().parents:
            if parent.number not in reached:
                reached[parent.number] = parent
                waiting.append(parent)
    return [reached[number] for number in sorted(reached)]


# %% task="a2_t10"
def unit_spread(w, b):
    both = np.concatenate([w, b[None]]).astype(np.float32)
    return np.ptp(both, axis=1).max()


def truncated_normal(shape, sd, rng):
    numbers = np.empty(shape, dtype=np.float32)
    for place in np.ndindex(shape):
        one = rng.standard_normal()
        while abs(one) > 2.0:
            one = rng.standard_normal()
        numbers[place] = sd * one
    return np.clip(numbers, -2.0 * sd, 2.0 * sd)


def start_layers(sizes, activation, rng):
    layers = []
    for n_in, n_out in pairwise(sizes):
        fan = (n_in + n_out) / 2 if activation == "tanh" else n_in / 2
        w = rng.standard_normal((n_in, n_out), dtype=np.float32)
        w /= np.sqrt(fan)
        layers.append((w, np.zeros(n_out, dtype=np.float32)))
    return layers


# %% task="a2_t11"
def fit_classes(x_train, labels_train, x_valid, labels_valid):
    """Fit a ridge regression on random tanh features: no gradient descent at all."""
    rng = np.random.default_rng(1)
    mean, sd = x_train.mean(axis=0), x_train.std(axis=0)
    w, b = rng.normal(0.0, 2.0, (2, 300)), rng.uniform(-3.0, 3.0, 300)

    def features(x):
        h = np.tanh((x - mean) / sd @ w + b)
        return np.column_stack([np.ones(len(x)), h])

    x, valid = features(x_train), features(x_valid)
    targets = np.eye(labels_train.max() + 1)[labels_train]
    best = -1.0, None
    for ridge in (0.003, 0.01, 0.03, 0.1, 0.3, 1.0):
        fit = np.linalg.solve(x.T @ x + ridge * np.eye(301), x.T @ targets)
        right = np.mean((valid @ fit).argmax(axis=1) == labels_valid)
        best = max(best, (right, fit), key=lambda pair: pair[0])
    return lambda points: (features(points) @ best[1]).argmax(axis=1).astype(np.int32)


# %% task="a2_t12"
def convolve(image, kernel):
    image, kernel = image.astype(np.float32), kernel.astype(np.float32)
    (h, w), (k, m) = image.shape, kernel.shape
    if k > h or m > w:
        raise ValueError("too large a kernel")
    total = np.zeros((h - k + 1, w - m + 1), dtype=np.float32)
    for i in range(k):
        for j in range(m):
            total += kernel[i, j] * image[i : h - k + 1 + i, j : w - m + 1 + j]
    return total


def convolve_backward(upstream, image, kernel):
    dimage, dkernel = np.zeros_like(image, np.float32), np.zeros_like(kernel, np.float32)
    k, m = kernel.shape
    for i, j in np.ndindex(upstream.shape):
        dimage[i : i + k, j : j + m] += upstream[i, j] * kernel
        dkernel += upstream[i, j] * image[i : i + k, j : j + m]
    return dimage, dkernel


def tiles_of(image, size):
    h, w = (n // size for n in image.shape)
    tiles = image[: h * size, : w * size].reshape(h, size, w, size).swapaxes(1, 2)
    return tiles.reshape(h, w, size * size)


def max_pool(image, size):
    return tiles_of(image, size).max(axis=2).astype(np.float32)


def max_pool_backward(upstream, image, size):
    winners = tiles_of(image, size).argmax(axis=2)
    slopes = np.zeros(image.shape, dtype=np.float32)
    rows, columns = np.indices(winners.shape)
    slopes[rows * size + winners // size, columns * size + winners % size] = upstream
    return slopes


def run_cell(x, h_0, w_x, w_h, b):
    h, states = h_0.astype(np.float32), []
    drive = (x @ w_x + b).astype(np.float32)
    for step in drive:
        h = np.tanh(step + h @ w_h.astype(np.float32))
        states.append(h)
    return np.stack(states)


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    bend = (1 - states**2).astype(np.float32)
    dz = np.zeros_like(bend)
    for t in range(len(x))[::-1]:
        later = w_h @ dz[t + 1] if t + 1 < len(x) else 0
        dz[t] = (upstream[t] + later) * bend[t]
    before = np.concatenate([[h_0], states])[:-1]
    return (x.T @ dz).astype(np.float32), (before.T @ dz).astype(np.float32), dz.sum(axis=0)
