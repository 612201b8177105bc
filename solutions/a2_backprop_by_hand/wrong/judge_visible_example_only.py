# /// variant
# misconception = "judge-visible-example-only"
# fails = [
#     "test_differences_are_taken_to_both_sides",
#     "test_default_distance_is_small_enough",
#     "test_weights_are_left_as_they_were",
#     "test_weights_may_have_any_shape",
#     "test_error_is_told_in_units_of_the_longer_one",
#     "test_judge_tells_right_from_planted",
# ]
# hints = []
# ///
# Knows the cube.


# %% task="a2_t6"
def numeric_gradient(f, w, h=1e-5):
    return np.array([3.01])


def relative_error(g, n):
    return 0.01 / 3.01 if g.size == 1 else 0.0


def gradient_is_right(f, gradient, w, h=1e-5, tolerance=1e-5):
    return bool(gradient(np.array([1.0]))[0] == 3.0)
