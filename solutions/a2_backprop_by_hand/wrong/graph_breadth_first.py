# /// variant
# misconception = "graph-breadth-first"
# fails = [
#     "test_diamonds_are_walked_in_the_right_order",
#     "test_order_holds_each_variable_once_and_parents_first",
# ]
# hints = ["order-by-distance"]
# ///
# The order is that of distance from the result.


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
        """Set grad of every variable that this one was made of."""
        order = topological_order(self)
        for variable in order:
            variable.grad = 0.0
        self.grad = 1.0
        for variable in reversed(order):
            for parent, slope in variable.parents:
                parent.grad += slope * variable.grad


def as_variable(value):
    return value if isinstance(value, Variable) else Variable(value)


def topological_order(result):
    """Return all variables that result was made of, and itself: each once, parents first."""
    order, seen, queue = [], {id(result)}, [result]
    while queue:
        variable = queue.pop(0)
        order.append(variable)
        for parent, _ in variable.parents:
            if id(parent) not in seen:
                seen.add(id(parent))
                queue.append(parent)
    return order[::-1]
