"""Errors meant to be read by a person."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can put right: says what happened, and what to do next.

    Parameters
    ----------
    message
        What happened and where, in a sentence or two.
    hint
        What to do next.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        """Return the message, and on a line of its own what to do next."""
        return f"{self.args[0]}\n{self.hint}" if self.hint else str(self.args[0])
