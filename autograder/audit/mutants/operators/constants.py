"""Wrong constants, in formulas and in default arguments."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import is_axis, is_neutral, is_size
from autograder.audit.mutants.operators.operator import operator

_RELATIVE_ERROR = 1e-3
_TINY = 1e-4
"""Up to this, a constant keeps divisions and logarithms finite: its last digits change nothing."""


@operator("integer")
def integer_off_by_one(node: cst.Integer, answer: Answer) -> Iterator[Edit]:
    """A whole number that is one too large or one too small: counts, indices, exponents, axes."""
    parent = answer.parent(node)
    for value in (node.evaluated_value + 1, node.evaluated_value - 1):
        if not is_neutral(value, node, answer) and not is_axis(node, answer):
            whole = parent if value == 0 and isinstance(parent, cst.UnaryOperation) else node
            yield answer.replace(whole, _signed(str(value), node, answer))


@operator("float")
def float_perturbed(node: cst.Float, answer: Answer) -> Iterator[Edit]:
    """A constant remembered wrongly: one part in a thousand off, or a tiny one far too large.

    A test whose tolerance is too generous passes the former. 0.0 becomes 1.0, and 1.0 also 0.0.
    """
    value = float(node.evaluated_value)
    factor = 1 + _RELATIVE_ERROR if value > _TINY else 100.0
    yield answer.replace(node, _text(value * factor if value else 1.0))
    if value == 1.0 and not is_neutral(0.0, node, answer):
        yield answer.replace(node, "0.0")


@operator("sign")
def sign_flipped(node: cst.BaseNumber, answer: Answer) -> Iterator[Edit]:
    """A constant with the wrong sign. Sizes and indices are left to other operators."""
    signed = isinstance(answer.parent(node), cst.UnaryOperation)
    if signed or is_size(node, answer) or is_axis(node, answer):
        return
    is_term = is_neutral(0, node, answer)  # `x + -1` would be the mutant `x - 1` again
    if isinstance(node, (cst.Integer, cst.Float)) and node.evaluated_value != 0 and not is_term:
        yield answer.replace(node, _signed(f"-{node.value}", node, answer))


@operator("flag")
def flag_flipped(node: cst.Name, answer: Answer) -> Iterator[Edit]:
    """``True`` for ``False``, or the other way round."""
    instead = {"True": "False", "False": "True"}.get(node.value)
    if instead is not None:
        yield answer.replace(node, node.with_changes(value=instead))


@operator("text")
def text_misspelt(node: cst.SimpleString, answer: Answer) -> Iterator[Edit]:
    """A misspelt word where it is compared or used as a key. Messages are left alone."""
    parent = answer.parent(node)
    if not isinstance(parent, (cst.Comparison, cst.ComparisonTarget, cst.Index)):
        return
    quote = node.quote
    if isinstance(node.evaluated_value, str):
        yield answer.replace(node, f"{node.value[: -len(quote)]}_{quote}")


def _signed(value: str, node: cst.CSTNode, answer: Answer) -> str:
    """Return a number's text, in parentheses if a minus would bind to more than the number."""
    parent = answer.parent(node)
    is_base = isinstance(parent, cst.BinaryOperation) and parent.left is node
    return f"({value})" if is_base and value.startswith("-") else value


def _text(value: float) -> str:
    return repr(float(f"{value:.12g}"))
