# /// variant
# misconception = "judge-divided-by-h"
# fails = [
#     "test_differences_are_taken_to_both_sides",
#     "test_default_distance_is_small_enough",
#     "test_weights_are_left_as_they_were",
#     "test_weights_may_have_any_shape",
#     "test_judge_tells_right_from_planted",
# ]
# hints = ["divided-by-h"]
# ///
# Divided by h instead of 2 h.


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    """Return the central differences of f at w, in the shape of w."""
    moved = np.array(w, dtype=np.float64)
    slopes = np.zeros(moved.shape)
    for place in np.ndindex(moved.shape):
        middle = moved[place]
        moved[place] = middle + h
        above = f(moved)
        moved[place] = middle - h
        below = f(moved)
        moved[place] = middle
        slopes[place] = (above - below) / h
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
