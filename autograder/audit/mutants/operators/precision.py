"""Results that are nearly right."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import called, grouped, is_library_function
from autograder.audit.mutants.operators.operator import operator

_FACTOR = "1.001"
_NUMERIC = (cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.Power, cst.MatrixMultiply)
_NOT_NUMERIC = {"any", "all", "argmin", "argmax", "argsort", "zeros", "zeros_like"}


@operator("result")
def result_perturbed(node: cst.Return, answer: Answer) -> Iterator[Edit]:
    """A result that is one part in a thousand off, as after a constant remembered wrongly."""
    if node.value is None or not _is_computed(node.value):
        return
    changed = cst.BinaryOperation(grouped(node.value), cst.Multiply(), cst.Float(_FACTOR))
    yield answer.replace(node.value, changed)


def _is_computed(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Call):
        return called(value) == "float" or (
            is_library_function(value) and called(value) not in _NOT_NUMERIC
        )
    return isinstance(value, cst.BinaryOperation) and isinstance(value.operator, _NUMERIC)
