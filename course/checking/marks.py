"""The decorator that makes a function of ``checks.py`` a visible check of a task."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from course.checking.answer import Answer

CheckFunction = Callable[[Answer], None]
"""Takes the student's names; returns if all is well, raises AssertionError in plain words."""


@dataclass(frozen=True)
class VisibleCheck:
    """A check of one task; callable like the function it was made from."""

    task: str
    function: CheckFunction

    @property
    def title(self) -> str:
        """What is checked: the first line of the docstring, or else the function's name."""
        lines = (inspect.getdoc(self.function) or "").strip().splitlines()
        return lines[0] if lines else self.function.__name__.replace("_", " ")

    def __call__(self, answer: Answer) -> None:
        """Run the check."""
        self.function(answer)


def visible(task: str) -> Callable[[CheckFunction], VisibleCheck]:
    """Mark a function of ``checks.py`` as a visible check of a task.

    The first line of its docstring is the title that students read, its argument gives them
    by attribute what they defined, and it asserts with a message in plain words::

        @visible("a1_t3")
        def first_step_is_plain_descent(answer):
            '''The first step from rest is plain gradient descent.'''
            sgd = answer.SGD(lr=0.1, momentum=0.9)
            ...

    Raises
    ------
    TypeError
        If it is used without the id of a task.
    """
    if not isinstance(task, str):
        raise TypeError('visible needs the id of a task: @visible("a1_t3")')

    def mark(function: CheckFunction) -> VisibleCheck:
        return VisibleCheck(task, function)

    return mark
