# /// variant
# misconception = "dropout-old-mask"
# fails = ["test_nothing_is_dropped_when_predicting"]
# hints = ["old-mask-used"]
# ///
# A pass in prediction leaves the old mask.


# %% task="a2_t7"
def penalty(layers, l1=0.0, l2=0.0):
    """Return l1 times the sum of |w| plus l2 times the sum of w**2, over all weights."""
    return sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w, b in layers)


def penalty_slopes(layers, l1=0.0, l2=0.0):
    """Return [(dw, db), ...]: the slopes of the penalty."""
    return [(l1 * np.sign(w) + 2.0 * l2 * w, np.zeros(b.shape)) for w, b in layers]


def within_budget(w, radius):
    """Return the weights nearest to w whose Euclidean length is at most radius."""
    length = np.linalg.norm(w)
    return w * (radius / length) if length > radius else w.copy()


class Dropout:
    """Drops entries at random while training, and lets all through afterwards."""

    def __init__(self, rate, rng):
        if not 0.0 <= rate < 1.0:
            raise ValueError(f"rate is {rate}; it must be at least 0 and below 1")
        self.rate = rate
        self.rng = rng
        self.mask = None

    def forward(self, x, training=True):
        """Return x with entries dropped and the others scaled up; x itself if not training."""
        if not training:
            return x
        if training:
            kept = self.rng.random(x.shape) >= self.rate
            self.mask = kept / (1.0 - self.rate)
        return x * self.mask

    def backward(self, upstream):
        """Return the slopes of the x that the last forward was given."""
        return upstream * self.mask
