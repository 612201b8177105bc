# /// variant
# misconception = "fit-pass"
# fails = [
#     "test_finds_another_v",
#     "test_finds_another_river",
#     "test_finds_a_river_on_a_map_in_metres",
#     "test_tells_three_classes_apart",
#     "test_fit_changes_nothing_and_takes_any_number_of_points",
# ]
# hints = []
# ///
# Every function does nothing.


# %% task="a2_t11"
def answers_of(w, b, x):
    pass


def slopes_of(w, b, x, one_hot):
    pass


def fit_classes(x_train, labels_train, x_valid, labels_valid):
    pass
