# /// variant
# misconception = "norm-eps-outside"
# fails = ["test_columns_are_normalised_over_the_batch"]
# hints = ["eps-outside-root"]
# ///
# eps outside of the root.


# %% task="a2_t8"
class BatchNorm:
    """Normalises each column over the batch, then scales and shifts it."""

    def __init__(self, size, momentum=0.1, eps=1e-5):
        self.momentum = momentum
        self.eps = eps
        self.gamma = np.ones(size)
        self.beta = np.zeros(size)
        self.running_mean = np.zeros(size)
        self.running_var = np.ones(size)

    def forward(self, x, training=True):
        """Return gamma * x_hat + beta, shape (N, size)."""
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            self.running_mean = (1.0 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1.0 - self.momentum) * self.running_var + self.momentum * var
        self.scale = 1.0 / (np.sqrt(var) + self.eps)
        self.x_hat = (x - mean) * self.scale
        return self.gamma * self.x_hat + self.beta

    def backward(self, upstream):
        """Return the slopes of x, gamma and beta, for the forward in training just before."""
        dgamma = (upstream * self.x_hat).sum(axis=0)
        dbeta = upstream.sum(axis=0)
        g = upstream * self.gamma
        dx = self.scale * (g - g.mean(axis=0) - self.x_hat * (g * self.x_hat).mean(axis=0))
        return dx, dgamma, dbeta
