# PyTorch tensors inside, and tensors as state; arrays only at the border. It uses fused tensor
# operations (lerp, addcmul) and nothing of torch.optim.


# %% task="a1_t1"
from itertools import pairwise

import torch


def layer_views(flat, sizes):
    shapes = [(m + 1, n) for m, n in pairwise(sizes)]
    if sum(rows * columns for rows, columns in shapes) != flat.size:
        raise ValueError(f"{flat.size} weights do not fit {sizes}")
    parts = torch.from_numpy(flat).split([rows * columns for rows, columns in shapes])
    return [part.view(shape).numpy() for part, shape in zip(parts, shapes, strict=True)]


def pack(arrays):
    tensors = [torch.as_tensor(array, dtype=torch.float64) for array in arrays]
    flat = torch.cat([torch.zeros(0, dtype=torch.float64), *(part.flatten() for part in tensors)])
    parts = flat.split([part.numel() for part in tensors])
    return flat.numpy(), [a.view(b.shape).numpy() for a, b in zip(parts, tensors, strict=True)]


# %% task="a1_t2"
import torch


def minibatches(x, t, batch_size, rng):
    if not len(x):
        return
    order = torch.arange(len(x))
    if batch_size is not None:
        order = order[torch.as_tensor(rng.random(len(x)).argsort())]
    for rows in order.split(batch_size or len(x)):
        yield torch.as_tensor(x)[rows], torch.as_tensor(t)[rows]


def linear_gradient(w, x, t):
    w = torch.tensor(w, requires_grad=True)
    answers = torch.as_tensor(x) @ w[1:] + w[0]
    ((answers - torch.as_tensor(t)) ** 2).mean().backward()
    return w.grad.numpy()


# %% task="a1_t3"
import torch


def inverse_time(lr, t, k):
    return float(torch.tensor(lr, dtype=torch.float64) / (1 + k * t))


def exponential(lr, t, k):
    return float(lr * torch.exp(torch.tensor(-k * t, dtype=torch.float64)))


class SGD:
    def __init__(self, lr, momentum=0.0, schedule=None):
        self.lr = lr
        self.momentum = momentum
        self.schedule = schedule
        self.v = None
        self.t = 0

    def step(self, w, g):
        w, g = torch.as_tensor(w), torch.as_tensor(g)
        v = torch.zeros_like(w) if self.v is None else torch.as_tensor(self.v)
        self.v = torch.add(g, v, alpha=self.momentum)
        eta = self.lr
        if self.schedule is not None:
            eta = self.schedule(self.lr, self.t)
        self.t = self.t + 1
        return torch.sub(w, self.v, alpha=eta).numpy()


# %% task="a1_t4"
import torch


def ewa(values, beta, correct=False):
    values = torch.as_tensor(values, dtype=torch.float64)
    averages = [torch.zeros(values.shape[1:], dtype=torch.float64)]
    for value in values:
        averages.append(torch.lerp(averages[-1], value, 1 - beta))
    if len(averages) == 1:
        return values.numpy().copy()
    result = torch.stack(averages[1:])
    if correct:
        powers = beta ** torch.arange(1, len(values) + 1, dtype=torch.float64)
        result = result / (1 - powers).reshape(-1, *[1] * (values.ndim - 1))
    return result.numpy()


class RMSProp:
    def __init__(self, lr, beta=0.9, eps=1e-8):
        self.lr = lr
        self.beta = beta
        self.eps = eps
        self.v = None
        self.t = 0

    def step(self, w, g):
        w, g = torch.as_tensor(w), torch.as_tensor(g)
        v = torch.zeros_like(w) if self.v is None else torch.as_tensor(self.v)
        self.t = self.t + 1
        self.v = torch.addcmul(self.beta * v, g, g, value=1 - self.beta)
        return torch.addcdiv(w, g, self.v.sqrt() + self.eps, value=-self.lr).numpy()


# %% task="a1_t5"
class Adam:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr = lr
        self.betas = beta1, beta2
        self.eps = eps
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        w, g = torch.as_tensor(w), torch.as_tensor(g)
        beta1, beta2 = self.betas
        m = torch.zeros_like(w) if self.m is None else torch.as_tensor(self.m)
        v = torch.zeros_like(w) if self.v is None else torch.as_tensor(self.v)
        self.t += 1
        self.m = torch.lerp(m, g, 1 - beta1)
        self.v = torch.addcmul(beta2 * v, g, g, value=1 - beta2)
        root = (self.v / (1 - beta2**self.t)).sqrt().add(self.eps)
        return torch.addcdiv(w, self.m, root, value=-self.lr / (1 - beta1**self.t)).numpy()


# %% task="a1_t6"
import torch


def l2_slopes(w, g, strength):
    """The slope of the penalty by automatic differentiation."""
    weights = torch.tensor(w, requires_grad=True)
    penalty = strength / 2 * torch.sum(weights**2)
    penalty.backward()
    return np.asarray(g) + weights.grad.numpy()


class AdamW:
    def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr = lr
        self.betas = beta1, beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.m = None
        self.v = None
        self.t = 0

    def step(self, w, g):
        w, g = torch.as_tensor(w), torch.as_tensor(g)
        beta1, beta2 = self.betas
        m = torch.zeros_like(w) if self.m is None else torch.as_tensor(self.m)
        v = torch.zeros_like(w) if self.v is None else torch.as_tensor(self.v)
        self.t += 1
        self.m = torch.lerp(m, g, 1 - beta1)
        self.v = torch.addcmul(beta2 * v, g, g, value=1 - beta2)
        root = (self.v / (1 - beta2**self.t)).sqrt().add(self.eps)
        shrunk = w.mul(1 - self.lr * self.weight_decay)
        return torch.addcdiv(shrunk, self.m, root, value=-self.lr / (1 - beta1**self.t)).numpy()


# %% task="a1_t7"
import torch


class Standardizer:
    def fit(self, x):
        x = torch.as_tensor(x)
        low, high = x.amin(0), x.amax(0)
        spread, self.mean = torch.std_mean(x, dim=0, correction=0)
        self.spread = torch.where(low == high, torch.ones_like(spread), spread)
        return self

    def transform(self, x):
        return (torch.as_tensor(x) - self.mean) / self.spread

    def inverse(self, z):
        return torch.addcmul(self.mean, self.spread, torch.as_tensor(z))


def predict_in_units(model, x, inputs, targets):
    return targets.inverse(model(inputs.transform(x).numpy()))


# %% task="a1_t8"
import torch


def largest_stable_rate(H):
    return float(2.0 / torch.linalg.eigvalsh(torch.as_tensor(H))[-1])


def descend(gradient, w0, optimizer, steps):
    path = torch.empty(steps + 1, len(w0), dtype=torch.float64)
    path[0] = torch.tensor(w0)
    for k in range(steps):
        w = path[k].clone().numpy()
        path[k + 1] = torch.as_tensor(optimizer.step(w, gradient(w)))
    return path


def fair_race(gradient, w0, make_optimizers, steps):
    start = torch.tensor(w0)
    runs = {}
    for name in make_optimizers:
        runs[name] = descend(gradient, start.numpy(), make_optimizers[name](), steps).numpy()
    return runs


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.number = self.number_of_best = 0
        self.best_error = float("inf")
        self.best_weights = None

    def update(self, error, w):
        self.number += 1
        if error < self.best_error:
            self.number_of_best = self.number
            self.best_error = error
            self.best_weights = torch.as_tensor(w).clone()
        return self.number - self.number_of_best >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    """Let PyTorch do the slopes, in single precision and minibatches of 32."""
    torch.manual_seed(0)
    x, t, x_watch, t_watch = (torch.tensor(part) for part in (x_train, t_train, x_valid, t_valid))
    centre, spread, middle, height = x.mean(0), x.std(0), t.mean(), t.std()
    x, x_watch = ((part - centre).div(spread).float() for part in (x, x_watch))
    t, t_watch = ((part - middle).div(height).float() for part in (t, t_watch))
    net = torch.nn.Sequential(
        torch.nn.Linear(2, 32), torch.nn.Tanh(),
        torch.nn.Linear(32, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1),
    )  # fmt: skip
    adam, stopping = torch.optim.Adam(net.parameters(), lr=0.01), EarlyStopping(20)
    flat = torch.nn.utils.parameters_to_vector
    for _ in range(80):
        for rows in torch.randperm(len(x)).split(32):
            adam.zero_grad()
            torch.nn.functional.mse_loss(net(x[rows]), t[rows]).backward()
            adam.step()
        with torch.no_grad():
            error = torch.nn.functional.mse_loss(net(x_watch), t_watch).item()
        if stopping.update(error, flat(net.parameters()).detach()):
            break
    torch.nn.utils.vector_to_parameters(stopping.best_weights, net.parameters())

    def predict(places):
        with torch.no_grad():
            standard = (torch.tensor(places) - centre).div(spread).float()
            return (net(standard) * height + middle).numpy()

    return predict
