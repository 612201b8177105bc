"""What an operator is: the kind of node it looks at, and the edits it makes of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Any, TypeVar, get_type_hints

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit

N = TypeVar("N", bound=cst.CSTNode)


@dataclass(frozen=True)
class Operator:
    """One way in which answers go wrong."""

    name: str
    kind: type[cst.CSTNode] | UnionType
    """The nodes that it looks at."""
    edits: Callable[[Any, Answer], Iterator[Edit]]


def operator(name: str) -> Callable[[Callable[[N, Answer], Iterator[Edit]]], Operator]:
    """Make an operator of a function that yields the edits of one node.

    The type of the parameter ``node`` says which nodes it looks at.
    """

    def make(edits: Callable[[N, Answer], Iterator[Edit]]) -> Operator:
        return Operator(name, get_type_hints(edits)["node"], edits)

    return make
