# /// variant
# misconception = "start-truncated-rescaled"
# fails = ["test_truncated_normal_redraws_what_lies_beyond"]
# hints = ["sd-rescaled"]
# ///
# Stretched to have the standard deviation sd.


# %% task="a2_t10"
def unit_spread(w, b):
    """Return the largest difference between two units of a layer in one of their weights."""
    columns = np.vstack([w, b])
    return float(np.max(columns.max(axis=1) - columns.min(axis=1)))


def truncated_normal(shape, sd, rng):
    """Return normal numbers with mean 0 and scale sd; those beyond 2 sd are drawn again."""
    values = rng.normal(0.0, sd, shape)
    while True:
        beyond = np.abs(values) > 2.0 * sd
        if not beyond.any():
            return values * (sd / values.std())
        values[beyond] = rng.normal(0.0, sd, beyond.sum())


def start_layers(sizes, activation, rng):
    """Return [(w, b), ...] to start with: Xavier's weights for tanh, He's for relu; biases 0."""
    layers = []
    for n_in, n_out in pairwise(sizes):
        sd = np.sqrt(2.0 / (n_in + n_out if activation == "tanh" else n_in))
        layers.append((rng.normal(0.0, sd, (n_in, n_out)), np.zeros(n_out)))
    return layers
