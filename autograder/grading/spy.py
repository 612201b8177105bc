"""A callable that remembers how it was called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Spy:
    """Wraps a function that is passed to student code, and counts on the trusted side.

    Attributes
    ----------
    calls
        The positional arguments of every call, in order.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.calls: list[tuple[Any, ...]] = []
        # Calls are checked against the signature of what is wrapped.
        self.__wrapped__ = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Record the call and make it."""
        self.calls.append(args)
        return self._function(*args, **kwargs)
