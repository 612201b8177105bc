"""All operators, in the order in which one that makes the same mutant as another gets the credit.

The more telling name comes first: ``axis`` before ``integer``, ``keepdims`` before ``flag``.
"""

from autograder.audit.mutants.operators import (
    arithmetic,
    axes,
    calls,
    constants,
    flow,
    logic,
    names,
    offsets,
    precision,
    state,
    statements,
)
from autograder.audit.mutants.operators.operator import Operator

__all__ = ["OPERATORS", "Operator"]

_FAMILIES = [
    axes,
    offsets,
    state,
    flow,
    statements,
    calls,
    logic,
    arithmetic,
    names,
    constants,
    precision,
]

OPERATORS = [
    member
    for family in _FAMILIES
    for member in vars(family).values()
    if isinstance(member, Operator)
]
"""Found in the modules of this package; each has one function for each mistake."""
