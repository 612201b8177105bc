"""Functions of a notebook for processes that know nothing of the notebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cloudpickle


class Portable:
    """A function that travels as code; see :func:`portable`."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return self._function(*args, **kwargs)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[bytes]]:
        """Travel with everything that the function uses."""
        return _rebuilt, (cloudpickle.dumps(self._function),)


def portable(function: Callable[..., Any]) -> Portable:
    """Return the same function in a form that may be sent to any process.

    Python sends a function as its *name*. A forked process is a copy of the notebook and knows
    the name. A spawned one begins empty, has no notebook, and cannot find it. A portable function
    takes its code along, and the functions and values that it uses.
    """
    return Portable(function)


def _rebuilt(code: bytes) -> Portable:
    return Portable(cloudpickle.loads(code))
