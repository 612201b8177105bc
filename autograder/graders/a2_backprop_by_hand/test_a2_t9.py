"""Hidden tests of a2_t9, the tiny autodiff. Graphs are made by Python's own operators."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Handle, Student, StudentRaised, expect

from .promises import TOLERANCE, attribute_of


class Graph:
    """Makes the student's variables, and combines them as Python does.

    ``graph.do("mul", a, b)`` is ``a * b``; one of the two may be a plain number.
    """

    def __init__(self, student: Student) -> None:
        self._student = student
        self._operators = student.get("operator")

    def variable(self, value: float) -> Handle:
        """Return a new variable."""
        return self._student.new("Variable", value)

    def do(self, name: str, *operands: Any) -> Handle:
        """Return what an operator makes of its operands."""
        try:
            return self._operators.new(name, *operands)
        except StudentRaised as raised:
            numbers = [operand for operand in operands if isinstance(operand, float | int)]
            expect.true(
                not (raised.type_name in ("TypeError", "AttributeError") and numbers),
                what=f"variables can be combined with plain numbers ({name}). "
                f"{raised.without_arguments}",
                hint="plain-numbers-refused",
            )
            raise


def value_of(variable: Handle) -> Any:
    """Return a variable's value."""
    return attribute_of(variable, "value", "a variable")


def grad_of(variable: Handle) -> Any:
    """Return a variable's slope."""
    return attribute_of(variable, "grad", "a variable")


def some_numbers(draw: Draw, count: int) -> list[float]:
    """Draw numbers that are neither 0 nor 1, nor equal."""
    return [sign * (0.4 * k + draw.number(0.3, 0.6)) for k, sign in
            zip(range(1, count + 1), (1.0, -1.0) * count, strict=False)]  # fmt: skip


@pytest.mark.task("a2_t9", points=1)
def test_values_are_those_of_plain_numbers(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    x, y = graph.variable(a), graph.variable(b)
    expect.close(value_of(x), a, what="a variable has the value it was made with")
    expect.close(grad_of(x), 0.0, what="at first grad is 0")
    for name, operands, want in (
        ("add", (x, y), a + b),
        ("mul", (x, y), a * b),
        ("sub", (x, y), a - b),
        ("neg", (x,), -a),
        ("add", (x, 3.0), a + 3.0),
        ("mul", (3.0, x), 3.0 * a),
        ("sub", (2, x), 2.0 - a),
    ):
        expect.close(
            value_of(graph.do(name, *operands)),
            want,
            what=f"{name} of variables has the value that plain numbers give",
            inputs={"x": a, "y": b},
            misconceptions={"difference-reversed": -want} if name == "sub" else {},
            **TOLERANCE,
        )
    for name, f in (("exp", math.exp), ("tanh", math.tanh)):
        expect.close(
            value_of(y.new(name)),
            f(b),
            what=f"y.{name}() has the value of {name}",
            inputs={"y": b},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t9", points=2)
def test_slopes_of_sums_products_and_differences(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    for name, want in (("add", (1.0, 1.0)), ("mul", (b, a)), ("sub", (1.0, -1.0))):
        x, y = graph.variable(a), graph.variable(b)
        result = graph.do(name, x, y)
        result.call("backward")
        expect.close(grad_of(result), 1.0, what="a result rises with itself at slope 1")
        expect.close(
            [grad_of(x), grad_of(y)],
            want,
            what=f"after backward() of {name}, both variables know their slope",
            inputs={"x": a, "y": b},
            misconceptions={"product-slopes-swapped": want[::-1]} if name == "mul" else {},
            **TOLERANCE,
        )
    x, y = graph.variable(a), graph.variable(b)
    graph.do("neg", graph.do("mul", graph.do("add", x, y), y)).call("backward")
    expect.close(
        [grad_of(x), grad_of(y)],
        [-b, -(a + 2.0 * b)],
        what="slopes are multiplied along the way: -(x + y) y",
        inputs={"x": a, "y": b},
        misconceptions={
            "last-use-only": [-b, -b],
            "upstream-ignored": [1.0, 1.0 + (a + b)],
        },
        **TOLERANCE,
    )


@pytest.mark.task("a2_t9", points=1)
def test_slopes_with_plain_numbers(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, c = some_numbers(draw, 2)
    for name, operands, want in (
        ("add", "xc", 1.0),
        ("add", "cx", 1.0),
        ("mul", "xc", c),
        ("mul", "cx", c),
        ("sub", "xc", 1.0),
        ("sub", "cx", -1.0),
    ):
        x = graph.variable(a)
        result = graph.do(name, *(x if operand == "x" else c for operand in operands))
        result.call("backward")
        expect.close(
            grad_of(x),
            want,
            what=f"slope of x in {name} with the plain number {operands.index('c') + 1}. of two",
            inputs={"x": a, "number": c},
            misconceptions={"difference-reversed": -want} if name == "sub" else {},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t9", points=1)
def test_slopes_of_exp_and_tanh(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    slopes: dict[str, tuple[Callable[[float], float], dict[str, float]]] = {
        "exp": (math.exp, {"slope-at-wrong-quantity": math.exp(math.exp(b))}),
        "tanh": (
            lambda z: 1.0 - math.tanh(z) ** 2,
            {
                "slope-at-wrong-quantity": 1.0 - math.tanh(math.tanh(b)) ** 2,
                "tanh-slope-at-argument": 1.0 - b**2,
            },
        ),
    }
    for name, (slope, wrong) in slopes.items():
        y = graph.variable(b)
        graph.do("mul", y.new(name), a).call("backward")
        expect.close(
            grad_of(y),
            a * slope(b),
            what=f"slope of y in a {name}(y)",
            inputs={"a": a, "y": b},
            misconceptions={
                **{hint: a * value for hint, value in wrong.items()},
                "upstream-ignored": slope(b),
            },
            **TOLERANCE,
        )


@pytest.mark.task("a2_t9", points=2)
def test_variable_used_twice_adds_both_slopes(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    (a,) = some_numbers(draw, 1)
    for name, want, last in (("mul", 2.0 * a, a), ("add", 2.0, 1.0)):
        x = graph.variable(a)
        graph.do(name, x, x).call("backward")
        expect.close(
            grad_of(x),
            want,
            what=f"{name}(x, x) rises with x along both of its uses",
            inputs={"x": a},
            misconceptions={"last-use-only": last},
            **TOLERANCE,
        )
    x = graph.variable(a)
    y = graph.do("mul", x, x)
    graph.do("add", graph.do("mul", y, x), graph.do("mul", 3.0, x)).call("backward")
    expect.close(
        grad_of(x),
        3.0 * a**2 + 3.0,
        what="x**3 + 3 x, with x used four times",
        inputs={"x": a},
        misconceptions={"last-use-only": 3.0},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t9", points=2)
def test_diamonds_are_walked_in_the_right_order(student: Student, draw: Draw) -> None:
    """A node whose parts are reached on ways of different length, several times over."""
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    for shallow_first in (True, False):
        x, y = graph.variable(a), graph.variable(b)
        top = graph.do("mul", x, y)
        long_way = graph.do("mul", top.new("tanh").new("exp"), y)
        parts = (top, long_way) if shallow_first else (long_way, top)
        joined = graph.do("mul", *parts)
        joined = graph.do("add", joined, top)
        graph.do("mul", joined, joined).call("backward")
        tx, ty = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (a, b))
        p = tx * ty
        q = p * (torch.exp(torch.tanh(p)) * ty) + p
        want = torch.autograd.grad(q * q, [tx, ty])
        expect.close(
            [grad_of(x), grad_of(y)],
            [slope.item() for slope in want],
            what="a node passes its slope on only when all that use it have given theirs",
            inputs={"x": a, "y": b},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t9", points=1)
def test_order_holds_each_variable_once_and_parents_first(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    x, y = graph.variable(a), graph.variable(b)
    graph.variable(77.0)  # has nothing to do with the result
    s = graph.do("mul", x, y)
    t = s.new("tanh")
    result = graph.do("add", graph.do("mul", t, s), x)
    order = student.new("topological_order", result)
    count = order.call("__len__")
    expect.true(type(count) is int and count < 100, what="topological_order returns a list")
    values = [value_of(order.new("__getitem__", k)) for k in range(count)]
    want = [a, b, a * b, math.tanh(a * b), math.tanh(a * b) * a * b, math.tanh(a * b) * a * b + a]
    got = np.asarray(values, dtype=np.float64)
    expect.true(
        len(got) == len(want) and bool(np.allclose(np.sort(got), np.sort(want), rtol=1e-5)),
        what="topological_order has every variable that the result was made of, each once",
        got=list(values),
        expected=want,
        hint="order-repeats" if len(got) > len(want) else None,
    )
    places = [int(np.argmin(np.abs(got - value))) for value in want]
    pairs = [(0, 2), (1, 2), (2, 3), (3, 4), (2, 4), (4, 5), (0, 5)]
    reversed_order = all(places[i] > places[j] for i, j in pairs)
    expect.true(
        all(places[i] < places[j] for i, j in pairs),
        what="in topological_order each variable stands after those it was made of",
        got=list(values),
        hint="order-reversed" if reversed_order else "order-by-distance",
    )


@pytest.mark.task("a2_t9", points=1)
def test_second_backward_begins_afresh(student: Student, draw: Draw) -> None:
    graph = Graph(student)
    a, b = some_numbers(draw, 2)
    x, y = graph.variable(a), graph.variable(b)
    shared = graph.do("mul", x, y)
    first = graph.do("mul", shared, x)
    want, kept = np.array([2.0 * a * b, a * a]), np.array([5.0 * a * b, 3.0 * a * a])
    for _ in range(2):
        first.call("backward")
        expect.close(
            [grad_of(x), grad_of(y)],
            want,
            what="asked twice, backward() gives the same slopes",
            inputs={"x": a, "y": b},
            # Left-over slopes are handed on again, unless only the ends keep them.
            misconceptions={"slopes-not-reset": kept, "ends-not-reset": 2.0 * want},
            **TOLERANCE,
        )
    graph.do("add", shared, y).call("backward")
    expect.close(
        [grad_of(x), grad_of(y)],
        [b, a + 1.0],
        what="backward() of another result that shares variables begins afresh",
        inputs={"x": a, "y": b},
        misconceptions={"ends-not-reset": [b + 2.0 * a * b, a + 1.0 + a * a]},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t9", points=1)
def test_deep_graph_is_no_deep_recursion(student: Student, draw: Draw) -> None:
    steps = 3000
    (a,) = some_numbers(draw, 1)
    x = student.new("Variable", a)
    # The sum of [x, x, ...], as Python itself adds up: thousands of nodes on top of each other.
    total = student.get("operator").get("add")
    result = student.get("reduce").new("__call__", total, [x] * steps)
    try:
        result.call("backward")
    except StudentRaised as raised:
        expect.true(
            raised.type_name != "RecursionError",
            what=f"a graph of {steps} operations, one on top of the other, is walked to its end",
            hint="recursion-too-deep",
        )
        raise
    expect.close(
        grad_of(x),
        float(steps),
        what=f"the sum of {steps} times x rises with x at slope {steps}",
        inputs={"x": a},
        misconceptions={"last-use-only": 1.0},
        **TOLERANCE,
    )
