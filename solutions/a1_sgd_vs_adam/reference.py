# The answers: the instructor's notebook is built with them. The notebook has its own imports;
# this one lets hidden tests use the answers, through the fixture `reference`.

import numpy as np

import course


# %% task="a1_t1"
def cut(flat, shapes):
    """Return views of flat in these shapes, one after the other."""
    views, start = [], 0
    for shape in shapes:
        stop = start + int(np.prod(shape))
        views.append(flat[start:stop].reshape(shape))
        start = stop
    return views


def layer_views(flat, sizes):
    """Return one view of flat a layer, shape (n_in + 1, n_out), bias row first."""
    shapes = [(sizes[k] + 1, sizes[k + 1]) for k in range(len(sizes) - 1)]
    needed = sum(rows * columns for rows, columns in shapes)
    if needed != len(flat):
        raise ValueError(f"sizes {list(sizes)} need {needed} weights, and flat has {len(flat)}")
    return cut(flat, shapes)


def pack(arrays):
    """Return (flat, views): a new float64 vector of all entries, and a view of it per array."""
    # The empty vector makes it float64, and joining copies even a single array.
    flat = np.concatenate([np.zeros(0), *(np.ravel(array) for array in arrays)])
    return flat, cut(flat, [array.shape for array in arrays])


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    """Yield the pairs (x_batch, t_batch) of one epoch, in an order drawn from rng."""
    if batch_size is None:
        order, batch_size = np.arange(len(x)), max(len(x), 1)
    else:
        order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    """Return the slopes, shape (n_in + 1, 1), of a linear model's mean squared error."""
    inputs = np.column_stack([np.ones(len(x)), x])
    return 2.0 / len(x) * inputs.T @ (inputs @ w - t)


# %% task="a1_t3"
def inverse_time(lr, t, k):
    """Return the rate lr / (1 + k t) after t steps; all three are numbers."""
    return lr / (1.0 + k * t)


def exponential(lr, t, k):
    """Return the rate lr exp(-k t) after t steps; all three are numbers."""
    return lr * np.exp(-k * t)


class SGD:
    """Gradient descent with momentum.

    Attributes
    ----------
    v : array or None
        The velocity, shaped like the weights; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.v is None:
            self.v = np.zeros_like(w)
        rate = self.lr if self.schedule is None else self.schedule(self.lr, self.t)
        # A new array each time: the velocity must never be the caller's gradient itself.
        self.v = self.momentum * self.v + g
        self.t += 1
        return w - rate * self.v


# %% task="a1_t4"
def ewa(values, beta, correct=False):
    """Return the exponentially weighted averages of values, shape (n, ...), in the same shape."""
    averages = np.zeros(np.shape(values))
    a = 0.0
    for k, value in enumerate(values, start=1):
        a = beta * a + (1.0 - beta) * value
        averages[k - 1] = a / (1.0 - beta**k) if correct else a
    return averages


class RMSProp:
    """Gradient descent in which each slope is divided by its usual size.

    Attributes
    ----------
    v : array or None
        The average of the squared slopes, shaped like the weights; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.v is None:
            self.v = np.zeros_like(w)
        self.t += 1
        self.v = self.beta * self.v + (1.0 - self.beta) * g**2
        return w - self.lr * g / (np.sqrt(self.v) + self.eps)


# %% task="a1_t5"
class Adam:
    """Adam: a step length for each weight, from two running averages of its slopes.

    Attributes
    ----------
    m, v : arrays or None
        The averages of the slopes and of their squares, uncorrected; None before the first step.
    t : int
        How many steps were taken.
    """

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
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.m = self.beta1 * self.m + (1.0 - self.beta1) * g
        self.v = self.beta2 * self.v + (1.0 - self.beta2) * g**2
        m_hat = self.m / (1.0 - self.beta1**self.t)
        v_hat = self.v / (1.0 - self.beta2**self.t)
        return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# %% task="a1_t6"
def l2_slopes(w, g, strength):
    """Return the slopes of the loss plus strength / 2 times the sum of squared weights."""
    return g + strength * w


class AdamW:
    """Adam with decoupled weight decay.

    Attributes
    ----------
    m, v : arrays or None
        The averages of the slopes and of their squares, uncorrected; None before the first step.
    t : int
        How many steps were taken.
    """

    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        """Return new weights from weights w and slopes g, all of one shape."""
        if self.m is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.m = self.beta1 * self.m + (1.0 - self.beta1) * g
        self.v = self.beta2 * self.v + (1.0 - self.beta2) * g**2
        m_hat = self.m / (1.0 - self.beta1**self.t)
        v_hat = self.v / (1.0 - self.beta2**self.t)
        decay = self.weight_decay * w
        return w - self.lr * (m_hat / (np.sqrt(v_hat) + self.eps) + decay)


# %% task="a1_t7"
class Standardizer:
    """Measures columns in training standard deviations from the training mean.

    Attributes
    ----------
    mean, spread : arrays
        One entry a column, as learnt by fit.
    """

    def fit(self, x):
        """Learn mean and spread of each column of x, shape (N, columns)."""
        self.mean = x.mean(axis=0)
        # Rounding may leave equal entries a standard deviation just above zero.
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
    return 2.0 / np.linalg.eigvalsh(H).max()


def descend(gradient, w0, optimizer, steps):
    """Return the weights at the start and after every step, shape (steps + 1, n)."""
    path = [np.array(w0)]
    for _ in range(steps):
        w = path[-1].copy()  # the optimizer may write into it
        path.append(np.array(optimizer.step(w, gradient(w))))
    return np.array(path)


def fair_race(gradient, w0, make_optimizers, steps):
    """Return for each name the path of its optimizer, all from w0, all with as many steps."""
    return {
        name: descend(gradient, w0, make_optimizer(), steps)
        for name, make_optimizer in make_optimizers.items()
    }


# %% task="a1_t9"
class EarlyStopping:
    """Watches a validation error, says when to stop, and keeps the best weights.

    Attributes
    ----------
    best_error : float
        The lowest error so far; infinite before the first.
    best_weights : array or None
        A copy of the weights that came with it.
    """

    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.waited = 0

    def update(self, error, w):
        """Take note of an error and the weights that have it; return True to stop."""
        if error < self.best_error:  # false for nan as well
            self.best_error = error
            self.best_weights = np.array(w)  # a copy: training may go on in the same memory
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Return a function that takes places, shape (n, 2), and returns heights, shape (n, 1)."""
    centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
    middle, height = t_train.mean(), t_train.std()
    x, t = (x_train - centre) / spread, (t_train - middle) / height
    x_watch, t_watch = (x_valid - centre) / spread, (t_valid - middle) / height

    network = course.TanhNetwork([2, 20, 10, 1])
    adam, stopping = course.StandInAdam(lr=0.02), EarlyStopping(patience=40)
    for step in range(1000):
        network.weights = adam.step(network.weights, network.gradient(x, t))
        if step % 5 == 0 and stopping.update(network.loss(x_watch, t_watch), network.weights):
            break
    network.weights = stopping.best_weights
    return lambda places: network.predict((places - centre) / spread) * height + middle


# %% [markdown] task="a1_t10"
# **A model answer** (figures from the network with seed 3; those of a student may differ).
#
# 1. Adam ends at an error of about 0.012, nearly the noise; plain SGD is calm but still at 0.05
#    after 2000 steps, and its fit lacks the second bend of the sine. SGD with momentum falls
#    fastest at first (0.06 at step 250, where Adam has 0.09), but then jumps between 0.02 and
#    0.2 to the end, while Adam's jumps stay below 0.03 after step 1000. RMSProp goes along with
#    Adam for 400 steps and then stays near 0.03, jumping.
# 2. The slopes of the 31 weights differ by a factor of about 80. SGD's step is $\eta g$ with one
#    $\eta$ for all: a rate that the largest slope tolerates leaves the weights that would make
#    the second bend nearly at rest. Adam's $\hat m / \sqrt{\hat v}$ takes the size of the slope out
#    weight by weight, so these move as fast as the others. Momentum lengthens every step up to
#    $1 / (1 - \mu) = 10$ times, which explains the fast start; but the noise of the minibatches
#    is multiplied by the same $\eta$ and kept for about ten steps in $v$, so the curve shakes.
#    Adam shakes less here since contradicting slopes make $\hat m$ small while $\sqrt{\hat v}$
#    stays (RMSProp divides the newest slope, not the average, and therefore shakes); Adam
#    still does not settle entirely, because its step does not shrink with the slope.
# 3. Start, minibatches and number of steps were equal, so only the rule can explain the
#    difference. The learning rates were not comparable and were chosen by us: in the plot of
#    remaining errors each has its own best rate. Adam does well over about one power of ten.
#    One seed and one data set are little evidence, too.
# 4. For example: when the last bit of precision counts on a well-conditioned problem, SGD with a
#    falling rate settles while Adam rattles; or when memory is short, since Adam keeps two
#    numbers for each weight; or when a small, predictable, easily explained method is enough.
#
# **Marking, 6 points.**
#
# * *What*, 1 point: two real differences, each with numbers from the student's plot (half a point
#   each; nothing without numbers or step counts).
# * *Why*, 3 points: for each difference, 1 point for naming the symbol that is responsible (one
#   $\eta$ for all weights, $1/(1-\mu)$, $\hat m/\sqrt{\hat v}$, ...), and half a point for a chain
#   of reasons that leads from it to what is seen. "Adam is adaptive" alone earns nothing.
# * *Fair*, 1 point: half for what was equal and why it matters, half for a real limit (our choice
#   of rates, one seed, one data set), with reference to the plot of remaining errors.
# * *When not*, 1 point: a concrete situation with a reason that belongs to Adam.
#
# An unexpected result with a consistent explanation earns full points. Length earns none.
