# /// variant
# misconception = "graph-constant"
# fails = [
#     "test_slopes_of_sums_products_and_differences",
#     "test_slopes_with_plain_numbers",
#     "test_slopes_of_exp_and_tanh",
#     "test_variable_used_twice_adds_both_slopes",
#     "test_diamonds_are_walked_in_the_right_order",
#     "test_second_backward_begins_afresh",
#     "test_deep_graph_is_no_deep_recursion",
# ]
# hints = []
# ///
# Every slope is a half.


# %% task="a2_t9"
class Variable:
    """A number that remembers which numbers it was made of.

    Attributes
    ----------
    value : float
        The number.
    grad : float
        After backward() of a result: how fast that result rises with this number.
    parents : tuple
        Pairs (variable, local slope).
    """

    def __init__(self, value, parents=()):
        self.value = float(value)
        self.grad = 0.0
        self.parents = tuple(parents)

    def __add__(self, other):
        other = as_variable(other)
        return Variable(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = as_variable(other)
        return Variable(self.value * other.value, [(self, other.value), (other, self.value)])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_variable(other)

    def __rsub__(self, other):
        return as_variable(other) - self

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        value = np.exp(self.value)
        return Variable(value, [(self, value)])

    def tanh(self):
        value = np.tanh(self.value)
        return Variable(value, [(self, 1.0 - value**2)])

    def backward(self):
        for variable in topological_order(self):
            variable.grad = 0.5


def as_variable(value):
    return value if isinstance(value, Variable) else Variable(value)


def topological_order(result):
    """Return all variables that result was made of, and itself: each once, parents first."""
    order, seen, stack = [], set(), [(result, False)]
    while stack:
        variable, parents_done = stack.pop()
        if parents_done:
            order.append(variable)
        elif id(variable) not in seen:
            seen.add(id(variable))
            stack.append((variable, True))
            stack.extend((parent, False) for parent, _ in variable.parents)
    return order
