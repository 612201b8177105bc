"""A balancer as a list in the order of the last pick, and what known mistakes pick instead."""

from __future__ import annotations

from collections.abc import Sequence


class ByOrder:
    """The right rule: the first with the fewest in hand of a list; who is picked goes to its end.

    ``mistake`` exchanges one part.
    """

    def __init__(self, names: Sequence[str], mistake: str = "") -> None:
        self.order = list(names)
        self.names = list(names)
        self.hand = dict.fromkeys(names, 0)
        self.up = set(names)
        self.mistake = mistake

    def pick(self) -> str:
        """Return the next server's name."""
        if self.mistake == "fixed-order-among-equals":
            candidates = [name for name in self.names if name in self.up]
        else:
            candidates = [name for name in self.order if name in self.up]
        if self.mistake == "down-still-picked":
            candidates = list(self.order)
        key = (lambda name: 0) if self.mistake == "round-robin-only" else self.hand.__getitem__
        name = min(candidates, key=key)
        if self.mistake == "most-in-hand":
            name = max(candidates, key=self.hand.__getitem__)
        self.order.remove(name)
        self.order.append(name)
        self.hand[name] += 1
        return name

    def finished(self, name: str) -> None:
        """Count one less in hand."""
        self.hand[name] -= 1

    def failed(self, name: str) -> None:
        """Count one less in hand, and take the server out."""
        if self.mistake != "failure-keeps-its-place":
            self.hand[name] -= 1
        self.up.discard(name)

    def recovered(self, name: str) -> None:
        """Put the server back."""
        if self.mistake == "recovery-forgets-the-rest":
            self.hand[name] = 0
        self.up.add(name)


OF_PICKING = ("fixed-order-among-equals", "round-robin-only", "most-in-hand")
OF_FAILING = ("down-still-picked", "failure-keeps-its-place", "recovery-forgets-the-rest")
"""Mistakes that show while all servers are up, and those that show when one was down."""
