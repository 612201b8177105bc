# /// variant
# misconception = "graph-delegates-to-torch"
# fails = [
#     "test_slopes_of_sums_products_and_differences",
#     "test_slopes_with_plain_numbers",
#     "test_slopes_of_exp_and_tanh",
#     "test_variable_used_twice_adds_both_slopes",
#     "test_diamonds_are_walked_in_the_right_order",
#     "test_order_holds_each_variable_once_and_parents_first",
#     "test_second_backward_begins_afresh",
#     "test_deep_graph_is_no_deep_recursion",
# ]
# hints = []
# ///
# PyTorch holds the graph.


# %% task="a2_t9"
import torch


class Variable:
    def __init__(self, value):
        is_tensor = isinstance(value, torch.Tensor)
        self.tensor = value if is_tensor else torch.tensor(float(value), requires_grad=True)
        self.tensor.retain_grad() if is_tensor else None

    value = property(lambda self: self.tensor.item())
    grad = property(lambda self: 0.0 if self.tensor.grad is None else self.tensor.grad.item())

    def __add__(self, other):
        return Variable(self.tensor + getattr(other, "tensor", other))

    def __mul__(self, other):
        return Variable(self.tensor * getattr(other, "tensor", other))

    def __sub__(self, other):
        return self + -1.0 * other

    def __rsub__(self, other):
        return -1.0 * self + other

    def __neg__(self):
        return -1.0 * self

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        return Variable(torch.exp(self.tensor))

    def tanh(self):
        return Variable(torch.tanh(self.tensor))

    def backward(self):
        self.tensor.backward(retain_graph=True)


def topological_order(result):
    return [result]
