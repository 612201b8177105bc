# Number by number, with plain Python loops where the reference multiplies matrices; the graph is
# sorted by counting uses (Kahn) instead of a depth-first walk; neighbours vote in the open task.


# %% task="a2_t1"
def chain_links(x):
    x = np.asarray(x, dtype=float)
    links = [np.zeros(x.shape) for _ in range(4)]
    for place in np.ndindex(x.shape):
        s = np.sin(x[place])
        e = np.exp(-s * s)
        for link, slope in zip(links, (np.cos(x[place]), s + s, -e, -np.sin(e)), strict=True):
            link[place] = slope
    return tuple(links)


def chain_slope(x):
    x = np.asarray(x, dtype=float)
    e = np.exp(np.cos(2.0 * x) / 2.0 - 0.5)
    return np.sin(e) * e * np.sin(2.0 * x)


# %% task="a2_t2"
def affine(x, w, b):
    y = np.zeros((len(x), len(b)))
    for i in range(len(x)):
        for k in range(len(b)):
            y[i, k] = b[k] + sum(x[i, j] * w[j, k] for j in range(len(w)))
    return y


def affine_backward(upstream, x, w):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for i in range(len(x)):
        for k in range(w.shape[1]):
            db[k] += upstream[i, k]
            for j in range(w.shape[0]):
                dx[i, j] += upstream[i, k] * w[j, k]
                dw[j, k] += upstream[i, k] * x[i, j]
    return [dx, dw, db]


# %% task="a2_t3"
def sigmoid(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def relu(z):
    return z * (z > 0.0)


def sigmoid_slope(a):
    return a - a * a


def tanh_slope(a):
    return (1.0 - a) * (1.0 + a)


def relu_slope(a):
    return (a > 0.0).astype(float)


def log_loss(z, t):
    total = 0.0
    for one, target in zip(np.ravel(z), np.ravel(t), strict=True):
        total += max(one, 0.0) - target * one + np.log1p(np.exp(-abs(one)))
    return total / np.size(z)


# %% task="a2_t4"
def softmax(z):
    rows = []
    for row in z:
        e = [np.exp(one - max(row)) for one in row]
        rows.append([one / sum(e) for one in e])
    return np.array(rows)


def cross_entropy(z, labels):
    total = 0.0
    for row, label in zip(z, labels, strict=True):
        if not 0 <= label < len(row):
            raise ValueError(f"there is no class {label}")
        total += sum_of_exponentials(row - row[label])
    return total / len(z)


def sum_of_exponentials(row):
    return np.logaddexp.reduce(row)


def cross_entropy_slope(z, labels):
    slopes = softmax(z)
    for row, label in zip(slopes, labels, strict=True):
        if not 0 <= label < len(row):
            raise ValueError(f"there is no class {label}")
        row[label] -= 1.0
    return slopes / len(z)


# %% task="a2_t5"
def forward(layers, x, activation="tanh"):
    outputs = (x,)
    for w, b in layers[:-1]:
        z = np.einsum("ni,io->no", outputs[-1], w) + b
        outputs += (np.tanh(z) if activation == "tanh" else np.where(z > 0.0, z, 0.0),)
    w, b = layers[-1]
    return (*outputs, np.einsum("ni,io->no", outputs[-1], w) + b)


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    *inputs, y = forward(layers, x, activation)
    if loss == "mse":
        value, g = ((y - t) ** 2).sum() / t.size, (y - t) * (2.0 / t.size)
    else:
        log_p = y - np.logaddexp.reduce(y, axis=1)[:, None]
        value = -log_p[range(len(t)), t].mean()
        g = (np.exp(log_p) - (t[:, None] == np.arange(y.shape[1]))) / len(t)
    slopes = []
    for number, ((w, _), a) in enumerate(zip(layers[::-1], inputs[::-1], strict=True)):
        slopes.append((np.einsum("ni,no->io", a, g), g.sum(0)))
        if number < len(layers) - 1:
            g = np.einsum("no,io->ni", g, w)
            g = g * (1.0 - a * a) if activation == "tanh" else g * (a > 0.0)
    return value, slopes[::-1]


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    slopes = loss_and_slopes(layers, x, t, activation=activation, loss=loss)[1]
    moved = []
    for number, (w, b) in enumerate(layers):
        moved.append([w - lr * slopes[number][0], b - lr * slopes[number][1]])
    return moved


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    start = np.asarray(w, dtype=float)
    units = np.eye(start.size).reshape(start.size, *start.shape)
    slopes = [(f(start + h * one) - f(start - h * one)) / (h + h) for one in units]
    return np.reshape(slopes, start.shape).astype(float)


def relative_error(g, n):
    lengths = [float(np.sqrt(np.sum(np.square(part)))) for part in (g, n, g - n)]
    return 0.0 if lengths[0] == lengths[1] == 0.0 else lengths[2] / max(lengths[:2])


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    written, numeric = gradient(w), numeric_gradient(f, w, h)
    same_shape = np.shape(written) == np.shape(numeric)
    return same_shape and not (
        np.isnan(written).any() or relative_error(written, numeric) >= tolerance
    )


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    total = 0.0
    for w, _ in layers:
        for one in np.ravel(w):
            total += l1 * abs(one) + l2 * one * one
    return total


def penalty_slopes(layers, l1=0.0, l2=0.0):
    return [[l1 * ((w > 0.0) * 1.0 - (w < 0.0)) + l2 * (w + w), 0.0 * b] for w, b in layers]


def within_budget(w, radius):
    return w / max(1.0, np.sqrt(np.sum(w * w)) / radius)


class Dropout:
    def __init__(self, rate, rng):
        if rate < 0 or rate >= 1:
            raise ValueError("rate must lie from 0 to below 1")
        self.rate, self.rng = rate, rng

    def forward(self, x, training=True):
        self.factors = 1.0
        if training:
            self.factors = self.rng.choice(
                [0.0, 1.0 / (1.0 - self.rate)], size=x.shape, p=[self.rate, 1.0 - self.rate]
            )
        return self.factors * x

    def backward(self, upstream):
        return self.factors * upstream


# %% task="a2_t8"
class BatchNorm:
    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.ones(size), np.zeros(size)
        self.running_mean, self.running_var = np.zeros(size), np.ones(size)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, training=True):
        if not training:
            root = np.sqrt(self.running_var + self.eps)
            return (x - self.running_mean) / root * self.gamma + self.beta
        self.centred = x - sum(x) / len(x)
        var = sum(self.centred**2) / len(x)
        self.root = (var + self.eps) ** 0.5
        self.running_mean = self.running_mean + self.momentum * (x.mean(0) - self.running_mean)
        self.running_var = self.running_var + self.momentum * (var - self.running_var)
        return self.centred / self.root * self.gamma + self.beta

    def backward(self, upstream):
        n = len(upstream)
        dgamma = (upstream * self.centred / self.root).sum(0)
        d_hat = upstream * self.gamma
        d_var = (d_hat * self.centred).sum(0) * -0.5 / self.root**3
        d_centred = d_hat / self.root + 2.0 * self.centred * d_var / n
        return [d_centred - d_centred.sum(0) / n, dgamma, upstream.sum(0)]


# %% task="a2_t9"
class Variable:
    def __init__(self, value, first=None, second=None, slopes=(0.0, 0.0)):
        self.value, self.grad = value, 0.0
        self.links = [
            (part, slope)
            for part, slope in zip((first, second), slopes, strict=True)
            if isinstance(part, Variable)
        ]

    def __add__(self, other):
        return Variable(self.value + plain(other), self, other, (1.0, 1.0))

    def __sub__(self, other):
        return Variable(self.value - plain(other), self, other, (1.0, -1.0))

    def __rsub__(self, other):
        return Variable(other - self.value, self, None, (-1.0, 0.0))

    def __mul__(self, other):
        return Variable(self.value * plain(other), self, other, (plain(other), self.value))

    def __neg__(self):
        return Variable(-self.value, self, None, (-1.0, 0.0))

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        value = float(np.exp(self.value))
        return Variable(value, self, None, (value, 0.0))

    def tanh(self):
        value = float(np.tanh(self.value))
        return Variable(value, self, None, ((1.0 - value) * (1.0 + value), 0.0))

    def backward(self):
        slopes = {id(self): 1.0}
        for variable in topological_order(self)[::-1]:
            variable.grad = slopes[id(variable)]
            for part, slope in variable.links:
                slopes[id(part)] = slopes.get(id(part), 0.0) + slope * variable.grad


def plain(value):
    return value.value if isinstance(value, Variable) else value


def topological_order(result):
    uses, found = {id(result): 0}, [result]
    for variable in found:
        for part, _ in variable.links:
            if id(part) not in uses:
                found.append(part)
            uses[id(part)] = uses.get(id(part), 0) + 1
    order, ready = [], [result]
    while ready:
        variable = ready.pop()
        order.append(variable)
        for part, _ in variable.links:
            uses[id(part)] -= 1
            if uses[id(part)] == 0:
                ready.append(part)
    return order[::-1]


# %% task="a2_t10"
def unit_spread(w, b):
    largest = 0.0
    for i in range(w.shape[1]):
        for j in range(i):
            both = np.append(w[:, i] - w[:, j], b[i] - b[j])
            largest = max(largest, np.abs(both).max())
    return largest


def truncated_normal(shape, sd, rng):
    count, kept = int(np.prod(shape)), np.zeros(0)
    while len(kept) < count:
        drawn = rng.standard_normal(2 * count)
        kept = np.append(kept, drawn[np.abs(drawn) <= 2.0])
    return sd * kept[:count].reshape(shape)


def start_layers(sizes, activation, rng):
    layers = ()
    for n_in, n_out in pairwise(sizes):
        variance = 1.0 / n_in if activation == "relu" else 1.0 / (n_in + n_out)
        w = rng.standard_normal(n_in * n_out).reshape(n_in, n_out) * (2.0 * variance) ** 0.5
        layers += ([w, np.zeros(n_out)],)
    return layers


# %% task="a2_t11"
def fit_classes(x_train, labels_train, x_valid, labels_valid):
    """Let the neighbours vote, the nearer ones more; how near is near, validation says."""
    spread = [np.std(column) for column in x_train.T]
    classes = sorted(set(labels_train.tolist()))

    def vote(points, width):
        found = []
        for point in points:
            distance = sum(((x_train[:, k] - point[k]) / spread[k]) ** 2 for k in range(2))
            votes = np.exp((distance.min() - distance) / width**2)
            found.append(max(classes, key=lambda label, v=votes: v[labels_train == label].sum()))
        return np.array(found)

    shares = {
        width: np.mean(vote(x_valid, width) == labels_valid) for width in (0.1, 0.15, 0.2, 0.3)
    }
    best = max(shares, key=shares.get)
    return lambda points: vote(points, best)


# %% task="a2_t12"
def convolve(image, kernel):
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    if rows < 1 or columns < 1:
        raise ValueError("the kernel is larger than the image")
    answers = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            part = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            answers[i, j] = np.sum(part * kernel)
    return answers


def convolve_backward(upstream, image, kernel):
    k, m = kernel.shape
    padded = np.pad(upstream, ((k - 1, k - 1), (m - 1, m - 1)))
    return [convolve(padded, kernel[::-1, ::-1]), convolve(image, upstream)]


def max_pool(image, size):
    return np.array(
        [
            [
                image[i : i + size, j : j + size].max()
                for j in range(0, image.shape[1] - size + 1, size)
            ]
            for i in range(0, image.shape[0] - size + 1, size)
        ]
    )


def max_pool_backward(upstream, image, size):
    slopes = np.zeros(image.shape)
    for i in range(upstream.shape[0]):
        for j in range(upstream.shape[1]):
            best = None
            for a in range(i * size, (i + 1) * size):
                for b in range(j * size, (j + 1) * size):
                    if best is None or image[a, b] > image[best]:
                        best = a, b
            slopes[best] += upstream[i, j]
    return slopes


def run_cell(x, h_0, w_x, w_h, b):
    states = [h_0]
    for row in x:
        states.append(np.tanh(row @ w_x + states[-1] @ w_h + b))
    return np.array(states[1:])


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    dz = np.zeros(states.shape)
    later = 0.0
    for t in reversed(range(len(x))):
        dz[t] = (upstream[t] + later) * (1.0 - states[t] ** 2)
        later = dz[t] @ w_h.T
    before = np.vstack([h_0[None], states[:-1]])
    return [x.T @ dz, before.T @ dz, dz.sum(axis=0)]
