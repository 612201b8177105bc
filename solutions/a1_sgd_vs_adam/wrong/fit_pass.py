# /// variant
# misconception = "fit-pass"
# fails = [
#     "test_fit_bends_to_another_landscape",
#     "test_fit_finds_every_hill",
#     "test_fit_does_not_learn_the_noise_by_heart",
#     "test_fit_takes_and_gives_other_units",
#     "test_fit_changes_nothing_and_takes_any_number_of_places",
# ]
# hints = []
# ///
# Returns nothing.


# %% task="a1_t9"
class EarlyStopping:
    def __init__(self, patience):
        self.patience = patience
        self.best_error = np.inf
        self.best_weights = None
        self.waited = 0

    def update(self, error, w):
        if error < self.best_error:
            self.best_error = error
            self.best_weights = np.array(w)
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def fit_hills(x_train, t_train, x_valid, t_valid):
    pass
