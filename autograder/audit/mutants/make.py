"""From an answer to its mutants."""

from __future__ import annotations

import itertools
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from types import CodeType

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.mutant import Mutant
from autograder.audit.mutants.operators import OPERATORS

Fingerprint = tuple[object, ...]


def make_mutants(task: str, answer: str) -> list[Mutant]:
    """Return the mutants of an answer, in the order of its lines.

    Each compiles, and its bytecode differs from the answer's and from every other mutant's: a
    mutant that the compiler cannot tell from another is the same mutant (Papadakis et al. 2015,
    "Trivial compiler equivalence"). The same answer always gives the same mutants.

    Parameters
    ----------
    task
        The task's id, such as ``"a1_t5"``.
    answer
        The text of the answer's cell.

    Raises
    ------
    UserError
        If the answer is not valid Python.
    """
    parsed = Answer(task, answer)
    mutants = [_mutant(task, operator, parsed.text, edit) for operator, edit in _distinct(parsed)]
    mutants.sort(key=lambda mutant: mutant.line)
    seen: Counter[tuple[str, str, str]] = Counter()
    numbered = []
    for mutant in mutants:
        change = (mutant.operator, mutant.before, mutant.after)
        numbered.append(replace(mutant, occurrence=seen[change]))
        seen[change] += 1
    return numbered


def _distinct(answer: Answer) -> Iterator[tuple[str, Edit]]:
    """Yield operators' names and edits; of edits that come to the same, the first."""
    for statement in answer.statements():
        start, end = answer.span(statement)
        # No more is compiled than the function that is mutated; a method needs a class around it.
        around = "" if answer.parent(statement) is answer.module else "class _:\n"
        seen = {_fingerprint(around + answer.text[start:end])}
        for operator, edit in _edits(answer, statement):
            changed = answer.text[start : edit.start] + edit.text + answer.text[edit.end : end]
            try:
                fingerprint = _fingerprint(around + changed)
            except SyntaxError:
                continue
            if fingerprint not in seen:
                seen.add(fingerprint)
                yield operator, edit


def _edits(answer: Answer, statement: cst.CSTNode) -> Iterator[tuple[str, Edit]]:
    for node in answer.nodes(statement):
        for operator in OPERATORS:
            if isinstance(node, operator.kind):
                for edit in operator.edits(node, answer):
                    yield operator.name, edit


def _fingerprint(source: str) -> Fingerprint:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # `1 is x` and the like
        return _without_lines(compile(source, "<mutant>", "exec", dont_inherit=True))


def _without_lines(code: CodeType) -> Fingerprint:
    """Return what a code object does, without where its lines stand."""
    constants = tuple(
        _without_lines(constant) if isinstance(constant, CodeType) else repr(constant)
        for constant in code.co_consts
    )
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    arguments = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    return (code.co_code, code.co_exceptiontable, constants, names, arguments)


def _mutant(task: str, operator: str, text: str, edit: Edit) -> Mutant:
    source = edit.apply(text)
    old, new = text.split("\n"), source.split("\n")
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter - 1)
    same = itertools.takewhile(
        lambda pair: pair[0] == pair[1], zip(old[::-1], new[::-1], strict=False)
    )
    tail = min(sum(1 for _ in same), shorter - first)
    if shorter - first - tail == 0 and first > 0:
        first -= 1  # only a line was added: show the one above it, too
    return Mutant(
        task=task,
        operator=operator,
        line=first + 1,
        before=_stripped(old[first : len(old) - tail]),
        after=_stripped(new[first : len(new) - tail]),
        source=source,
        original=text,
    )


def _stripped(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines)).strip()
