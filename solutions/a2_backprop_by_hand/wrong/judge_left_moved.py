# /// variant
# misconception = "judge-left-moved"
# fails = ["test_weights_are_left_as_they_were"]
# hints = ["weights-left-moved"]
# ///
# h is added and taken off again, in w itself.


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    """Return the central differences of f at w, in the shape of w."""
    moved = np.asarray(w)
    slopes = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        moved[place] += h
        above = f(moved)
        moved[place] -= 2.0 * h
        below = f(moved)
        moved[place] += h
        slopes[place] = (above - below) / (2.0 * h)
    return slopes


def relative_error(g, n):
    """Return |g - n| / max(|g|, |n|), with |.| the Euclidean length; 0 if both are all zero."""
    longest = max(np.linalg.norm(g), np.linalg.norm(n))
    return np.linalg.norm(g - n) / longest if longest != 0.0 else 0.0


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    """Return whether gradient(w) agrees with the central differences of f at w."""
    numeric = numeric_gradient(f, w, h)
    g = np.asarray(gradient(np.array(w)))
    if g.shape != numeric.shape:
        return False
    return bool(relative_error(g, numeric) < tolerance)
