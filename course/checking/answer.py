"""The names that a student's notebook defines, by attribute."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from typing import Any


class MissingNameError(AttributeError):
    """A check needs a name that the notebook has not defined."""


class Answer:
    """Gives ``answer.SGD`` where the notebook defines ``SGD``.

    Parameters
    ----------
    names
        The student's names and what they stand for.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Any:
        """Return what the student's name stands for.

        Raises
        ------
        MissingNameError
            If there is no such name; its message says what to do.
        """
        if name.startswith("__"):
            raise AttributeError(name)  # so that copying and printing work as usual
        if name in self._names:
            return self._names[name]
        own = [other for other in self._names if not other.startswith("_")]
        close = difflib.get_close_matches(name, own, n=1, cutoff=0.75)
        spelling = f" There is {close[0]!r}: is it meant?" if close else ""
        raise MissingNameError(
            f"{name!r} is not defined. Run the cell that defines it, then this one.{spelling}"
        )


def names_of_caller(depth: int) -> Mapping[str, Any]:
    """Return the names of the running notebook, or of the module that called.

    Parameters
    ----------
    depth
        How many calls away the module is; 1 is the caller of this function.
    """
    ipython = sys.modules.get("IPython")  # whoever runs a notebook has it loaded
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        names: Mapping[str, Any] = shell.user_ns
        return names
    return sys._getframe(depth + 1).f_globals
