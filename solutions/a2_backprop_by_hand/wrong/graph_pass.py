# /// variant
# misconception = "graph-pass"
# fails = [
#     "test_values_are_those_of_plain_numbers",
#     "test_slopes_of_sums_products_and_differences",
#     "test_slopes_with_plain_numbers",
#     "test_slopes_of_exp_and_tanh",
#     "test_variable_used_twice_adds_both_slopes",
#     "test_diamonds_are_walked_in_the_right_order",
#     "test_order_holds_each_variable_once_and_parents_first",
#     "test_second_backward_begins_afresh",
#     "test_deep_graph_is_no_deep_recursion",
# ]
# hints = ["name-missing", "plain-numbers-refused"]
# ///
# Every function does nothing.


# %% task="a2_t9"
class Variable:

    def __init__(self, value, parents=()):
        pass

    def __add__(self, other):
        pass

    def __mul__(self, other):
        pass

    def __neg__(self):
        pass

    def __sub__(self, other):
        pass

    def __rsub__(self, other):
        pass

    def exp(self):
        pass

    def tanh(self):
        pass

    def backward(self):
        pass


def as_variable(value):
    pass


def topological_order(result):
    pass
