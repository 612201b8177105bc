# /// variant
# misconception = "cell-slopes-of-last-step"
# fails = ["test_slopes_of_the_cell_add_up_over_time"]
# hints = []
# ///
# Only the first step's slopes are kept.


# %% task="a2_t12"
def convolve(image, kernel):
    """Slide the kernel over the image, shape (H, W), and return all sums of products."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def convolve_backward(upstream, image, kernel):
    """Return the slopes of the image and of the kernel."""
    dimage = np.zeros(image.shape)
    dkernel = np.zeros(kernel.shape)
    rows, columns = upstream.shape
    for i, j in np.ndindex(kernel.shape):
        part = np.s_[i : i + rows, j : j + columns]
        dkernel[i, j] = np.sum(upstream * image[part])
        dimage[part] += kernel[i, j] * upstream
    return dimage, dkernel


def max_pool(image, size):
    """Return the largest entry of each size x size tile of the image."""
    rows, columns = (n // size for n in image.shape)
    tiles = image[: rows * size, : columns * size].reshape(rows, size, columns, size)
    return tiles.max(axis=(1, 3))


def max_pool_backward(upstream, image, size):
    """Return the slopes of the image."""
    slopes = np.zeros(image.shape)
    for i, j in np.ndindex(upstream.shape):
        tile = np.s_[i * size : (i + 1) * size, j * size : (j + 1) * size]
        winner = np.unravel_index(np.argmax(image[tile]), (size, size))
        slopes[tile][winner] = upstream[i, j]
    return slopes


def run_cell(x, h_0, w_x, w_h, b):
    """Return the states [h_1, ..., h_T] of a recurrent cell, shape (T, units)."""
    states = np.zeros((len(x), len(h_0)))
    h = h_0
    for t in range(len(x)):
        h = np.tanh(x[t] @ w_x + h @ w_h + b)
        states[t] = h
    return states


def run_cell_backward(upstream, x, h_0, states, w_x, w_h):
    """Return the slopes of w_x, w_h and b, of a cell that was unrolled over x."""
    dw_x, dw_h, db = np.zeros(w_x.shape), np.zeros(w_h.shape), np.zeros(len(h_0))
    from_later = np.zeros(len(h_0))
    for t in range(len(x) - 1, -1, -1):
        before = states[t - 1] if t > 0 else h_0
        dz = (upstream[t] + from_later) * (1.0 - states[t] ** 2)
        dw_x = np.outer(x[t], dz)
        dw_h = np.outer(before, dz)
        db = dz
        from_later = w_h @ dz
    return dw_x, dw_h, db
