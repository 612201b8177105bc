"""The exception that says: this request cannot be answered, and why."""

from __future__ import annotations


class Refused(ValueError):
    """A request that is the client's mistake.

    Parameters
    ----------
    status
        The status of HTTP that says so: 400 to 499.
    reason
        One sentence for the person at the other end.
    """

    def __init__(self, status: int, reason: str) -> None:
        if not 400 <= status <= 499:
            raise RuntimeError(f"status is {status}; the client's mistakes are 400 to 499")
        self.status = status
        self.reason = reason
        super().__init__(f"{status} {reason}")
