# Each answer is built on the ones before it, as somebody does who goes through the notebook from
# top to bottom: the network is made of the own layers, the open task of the own network. The cell's
# slopes are carried forward in time (real-time recurrent learning) instead of backward.


# %% task="a2_t1"
def chain_links(x):
    y = np.asarray(x) + 0.0
    links = []
    for step, slope in (
        (np.sin, np.cos),
        (np.square, lambda u: u + u),
        (lambda v: np.exp(-v), lambda v: -np.exp(-v)),
        (np.cos, lambda w: -np.sin(w)),
    ):
        links.append(slope(y))
        y = step(y)
    return links


def chain_slope(x):
    return reduce(operator.mul, chain_links(x))


# %% task="a2_t2"
def affine(x, w, b):
    return np.tensordot(x, w, axes=1) + np.broadcast_to(b, (len(x), len(b)))


def affine_backward(upstream, x, w):
    return (
        affine(upstream, w.T, np.zeros(w.shape[0])),
        affine(x.T, upstream, np.zeros(w.shape[1])),
        np.ones(len(x)) @ upstream,
    )


# %% task="a2_t3"
def sigmoid(z):
    values = np.empty(np.shape(z))
    above = z > 0
    values[above] = 1.0 / (1.0 + np.exp(-z[above]))
    values[~above] = np.exp(z[~above]) / (1.0 + np.exp(z[~above]))
    return values


def relu(z):
    return 0.5 * (z + np.abs(z))


def sigmoid_slope(a):
    return tanh_slope(2.0 * a - 1.0) / 4.0


def tanh_slope(a):
    return 1.0 - np.square(a)


def relu_slope(a):
    return np.sign(relu(a))


def log_loss(z, t):
    costs = relu(z) - z * t - np.log(sigmoid(np.abs(z)))
    return float(np.average(costs))


# %% task="a2_t4"
def softmax(z):
    return np.exp(z - log_sums(z))


def log_sums(z):
    return reduce(np.logaddexp, z.T)[:, None]


def one_hot_of(labels, classes):
    truth = np.asarray(labels)[:, None] == np.arange(classes)
    if not truth.any(axis=1).all():
        raise ValueError("each label must be a column of the logits")
    return truth


def cross_entropy(z, labels):
    return np.mean((log_sums(z) - z)[one_hot_of(labels, z.shape[1])])


def cross_entropy_slope(z, labels):
    return (softmax(z) - one_hot_of(labels, z.shape[1])) / len(labels)


# %% task="a2_t5"
class Layer:
    """An affine layer and what it was last given."""

    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return affine(x, self.w, self.b)

    def backward(self, upstream):
        dx, *self.slopes = affine_backward(upstream, self.x, self.w)
        return dx


class Bend:
    """An activation and what it last answered."""

    def __init__(self, activation):
        self.f, self.slope = {"tanh": (np.tanh, tanh_slope), "relu": (relu, relu_slope)}[activation]

    def forward(self, x):
        self.a = self.f(x)
        return self.a

    def backward(self, upstream):
        return upstream * self.slope(self.a)


class Network:
    def __init__(self, layers, activation):
        self.layers = [Layer(w, b) for w, b in layers]
        self.bends = [Bend(activation) for _ in layers[1:]]

    def forward(self, x):
        outputs = [x]
        for layer, bend in zip(self.layers[:-1], self.bends, strict=True):
            outputs.append(bend.forward(layer.forward(outputs[-1])))
        return [*outputs, self.layers[-1].forward(outputs[-1])]

    def backward(self, upstream):
        upstream = self.layers[-1].backward(upstream)
        for layer, bend in zip(self.layers[-2::-1], self.bends[::-1], strict=True):
            upstream = layer.backward(bend.backward(upstream))
        return [tuple(layer.slopes) for layer in self.layers]


def forward(layers, x, activation="tanh"):
    return Network(layers, activation).forward(x)


def loss_and_slopes(layers, x, t, activation="tanh", loss="mse"):
    network = Network(layers, activation)
    y = network.forward(x)[-1]
    if loss == "cross_entropy":
        return cross_entropy(y, t), network.backward(cross_entropy_slope(y, t))
    error = (y - t).ravel()
    return error @ error / y.size, network.backward((y - t) / (y.size / 2))


def descend(layers, x, t, lr, activation="tanh", loss="mse"):
    _, slopes = loss_and_slopes(layers, x, t, activation, loss)
    pairs = zip(layers, slopes, strict=True)
    return [[p - lr * d for p, d in zip(*pair, strict=True)] for pair in pairs]


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    slopes = np.zeros_like(w)
    for k in range(w.size):
        near = w.copy(), w.copy()
        near[0].flat[k] += h
        near[1].flat[k] -= h
        slopes.flat[k] = (f(near[0]) - f(near[1])) / (2 * h)
    return slopes


def relative_error(g, n):
    longest = np.sqrt(max(np.sum(np.square(g)), np.sum(np.square(n))))
    return np.sqrt(np.sum(np.square(g - n))) / longest if longest else 0.0


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    numeric, written = numeric_gradient(f, w, h), gradient(w)
    return written.shape == numeric.shape and relative_error(written, numeric) < tolerance


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    return sum(np.sum((l1 + l2 * abs(w)) * abs(w)) for w, _ in layers)


def penalty_slopes(layers, l1=0.0, l2=0.0):
    return tuple((np.copysign(l1, w) * (w != 0) + 2 * l2 * w, np.zeros(len(b))) for w, b in layers)


def within_budget(w, radius):
    length = np.sqrt(np.vdot(w, w))
    return np.array(w) if length <= radius else np.array(w) / length * radius


class Dropout:
    """Remembers which places were dropped, not a mask."""

    def __init__(self, rate, rng):
        if rate < 0 or rate >= 1:
            raise ValueError("the rate is a share, and not everything can be dropped")
        self.rate, self.rng = rate, rng

    def forward(self, x, training=True):
        self.places, self.factor = np.zeros(0, dtype=int), 1.0
        if training:
            self.places = np.flatnonzero(self.rng.random(x.size) < self.rate)
            self.factor = 1.0 / (1.0 - self.rate)
        return self.backward(x)

    def backward(self, upstream):
        passed = upstream * self.factor
        np.put(passed, self.places, 0.0)
        return passed


# %% task="a2_t8"
class BatchNorm:
    """Walks back step by step: shift and scale, quotient, root, variance, mean."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.momentum, self.eps = momentum, eps
        self.gamma, self.beta = np.ones(size), np.zeros(size)
        self.running_mean, self.running_var = np.zeros(size), np.ones(size)

    def forward(self, x, training=True):
        if not training:
            sd = np.sqrt(self.running_var + self.eps)
            return self.beta + self.gamma * (x - self.running_mean) / sd
        mean = np.mean(x, axis=0)
        self.d = x - mean
        var = np.mean(self.d**2, axis=0)
        self.sd = np.sqrt(var + self.eps)
        for kept, new in ((self.running_mean, mean), (self.running_var, var)):
            kept *= 1 - self.momentum
            kept += self.momentum * new
        return self.beta + self.gamma * self.d / self.sd

    def backward(self, upstream):
        n = len(upstream)
        d_quotient = self.gamma * upstream
        d_sd = -np.sum(d_quotient * self.d, axis=0) / self.sd**2
        d_var = d_sd / (2 * self.sd)
        d_d = d_quotient / self.sd + 2 * self.d * d_var / n
        d_mean = -np.sum(d_d, axis=0)
        dgamma = np.sum(upstream * self.d / self.sd, axis=0)
        return d_d + d_mean / n, dgamma, np.sum(upstream, axis=0)


# %% task="a2_t9"
class Variable:
    """Knows how high it stands: one above the highest of its parents."""

    def __init__(self, value, parents=None):
        self.value, self.grad = value, 0.0
        self.parents = {} if parents is None else parents
        self.height = 1 + max([parent.height for parent in self.parents], default=0)

    def __add__(self, other):
        if self is other:
            return 2.0 * self
        if not isinstance(other, Variable):
            other = Variable(other)
        return Variable(self.value + other.value, {self: 1.0, other: 1.0})

    def __mul__(self, other):
        if self is other:
            return Variable(self.value**2, {self: 2.0 * self.value})
        if not isinstance(other, Variable):
            other = Variable(other)
        return Variable(self.value * other.value, {self: other.value, other: self.value})

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Variable(-self.value, {self: -1.0})

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def exp(self):
        value = np.exp(self.value)
        return Variable(value, {self: value})

    def tanh(self):
        value = np.tanh(self.value)
        return Variable(value, {self: tanh_slope(value)})

    def backward(self):
        order = topological_order(self)
        for variable in order[:-1]:
            variable.grad = 0.0
        self.grad = 1.0
        for variable in order[::-1]:
            for parent, slope in variable.parents.items():
                parent.grad += slope * variable.grad


def topological_order(result):
    found, front = {result}, {result}
    while front:
        front = {parent for variable in front for parent in variable.parents} - found
        found |= front
    return sorted(found, key=lambda variable: variable.height)


# %% task="a2_t10"
def unit_spread(w, b):
    weights = np.column_stack([w.T, b])
    return max(np.abs(one - other).max() for one in weights for other in weights)


def truncated_normal(shape, sd, rng):
    numbers = sd * rng.standard_normal(shape)
    beyond = np.abs(numbers) > 2 * sd
    if beyond.any():
        numbers[beyond] = truncated_normal((int(beyond.sum()),), sd, rng)
    return numbers


def start_layers(sizes, activation, rng):
    layers = []
    for i, o in pairwise(sizes):
        spread = {"tanh": np.sqrt(2 / (i + o)), "relu": np.sqrt(2 / i)}[activation]
        layers.append((rng.normal(scale=spread, size=(i, o)), np.zeros(o)))
    return layers


# %% task="a2_t11"
def fit_classes(x_train, labels_train, x_valid, labels_valid):
    mean, sd = x_train.mean(axis=0), x_train.std(axis=0)
    x, valid = (x_train - mean) / sd, (x_valid - mean) / sd
    layers = start_layers([2, 20, 20, labels_train.max() + 1], "tanh", np.random.default_rng(0))
    shapes = [part.shape for pair in layers for part in pair]
    adam = course.StandInAdam(lr=0.03)
    lowest, best = np.inf, layers
    for step in range(400):
        flat = np.concatenate([part.ravel() for pair in layers for part in pair])
        slopes = loss_and_slopes(layers, x, labels_train, "tanh", "cross_entropy")[1]
        flat = adam.step(flat, np.concatenate([part.ravel() for pair in slopes for part in pair]))
        cuts = np.cumsum([np.prod(shape) for shape in shapes])[:-1]
        parts = [p.reshape(s) for p, s in zip(np.split(flat, cuts), shapes, strict=True)]
        layers = list(zip(parts[::2], parts[1::2], strict=True))
        if step % 10 == 9:
            loss = cross_entropy(forward(layers, valid)[-1], labels_valid)
            lowest, best = min((lowest, best), (loss, layers), key=lambda kept: kept[0])
    return lambda points: forward(best, (points - mean) / sd)[-1].argmax(axis=1)


# %% task="a2_t12"
def cut(image, shape):
    """Return the parts of this shape at all places, one row each, and how many places there are."""
    places = tuple(n - k + 1 for n, k in zip(image.shape, shape, strict=True))
    if min(places) < 1:
        raise ValueError("the kernel does not fit into the image")
    parts = [image[i : i + shape[0], j : j + shape[1]].ravel() for i, j in np.ndindex(places)]
    return np.array(parts), places


def convolve(image, kernel):
    parts, places = cut(image, kernel.shape)
    return affine(parts, kernel.reshape(-1, 1), np.zeros(1)).reshape(places)


def convolve_backward(upstream, image, kernel):
    parts, places = cut(image, kernel.shape)
    column = upstream.reshape(-1, 1)
    dparts, dkernel, _ = affine_backward(column, parts, kernel.reshape(-1, 1))
    dimage = np.zeros(image.shape)
    for (i, j), part in zip(np.ndindex(places), dparts, strict=True):
        dimage[i : i + kernel.shape[0], j : j + kernel.shape[1]] += part.reshape(kernel.shape)
    return dimage, dkernel.reshape(kernel.shape)


def max_pool(image, size):
    rows, columns = (n // size * size for n in image.shape)
    tall = np.maximum.reduceat(image[:rows, :columns], np.arange(0, rows, size), axis=0)
    return np.maximum.reduceat(tall, np.arange(0, columns, size), axis=1)


def max_pool_backward(upstream, image, size):
    slopes = np.zeros(image.shape)
    pooled = max_pool(image, size)
    for i, j in np.ndindex(*pooled.shape):
        rows, columns = np.nonzero(image[i * size :, j * size :][:size, :size] == pooled[i, j])
        slopes[i * size + rows[0], j * size + columns[0]] = upstream[i, j]
    return slopes


def run_cell(x, h_0, w_x, w_h, b):
    states = h_0[None]
    for row in affine(x, w_x, b):
        states = np.vstack([states, np.tanh(row + states[-1] @ w_h)])
    return states[1:]


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    """Carry along how the state depends on each weight of the two matrices and the bias."""
    n, m = w_x.shape
    before = np.vstack([h_0, states[:-1]])
    rises, total = np.zeros((n + m + 1, m, m)), np.zeros((n + m + 1, m))
    for t in range(len(x)):
        given = np.concatenate([x[t], before[t], [1.0]])
        rises = rises @ w_h + given[:, None, None] * np.eye(m)
        rises = rises * tanh_slope(states[t])
        total += rises @ upstream[t]
    return total[:n], total[n : n + m], total[-1]
