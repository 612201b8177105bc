# PyTorch tensors inside, and tensors as state; arrays only at the border. It uses fused tensor
# operations (lerp, addcmul) and nothing of torch.optim.


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
