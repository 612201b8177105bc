# /// variant
# misconception = "evolve-pass"
# fails = [
#     "test_mutant_differs_by_one_change",
#     "test_every_kind_and_place_of_change_happens",
#     "test_layers_that_cannot_change_are_refused",
#     "test_everyone_is_tried_once_in_order_of_birth",
#     "test_four_of_five_children_have_a_parent",
#     "test_parents_come_from_the_better_half",
#     "test_best_ever_tried_is_returned",
# ]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t8"
def mutate(layers, rng, widths, most):
    pass


def evolve(population, try_layers, mutate, fresh, children, rng):
    pass
