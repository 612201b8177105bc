"""One mutant, and how to tell it from the others."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass, field

_KEY_DIGITS = 12


@dataclass(frozen=True)
class Mutant:
    """A reference answer with one small mistake."""

    task: str
    operator: str
    """What was done, as :mod:`autograder.audit.mutants.operators` names it."""
    line: int
    """The first line touched, counted from 1 within the answer."""
    before: str
    """The lines touched as they were, without their common indentation."""
    after: str
    """The same lines mutated."""
    source: str
    """The whole answer, mutated."""
    original: str = field(repr=False)
    """The whole answer as it was."""
    occurrence: int = 0
    """How many mutants above this one made the same change of the same lines."""

    @property
    def diff(self) -> str:
        """The change with two lines of context on either side."""
        lines = difflib.unified_diff(
            self.original.splitlines(),
            self.source.splitlines(),
            fromfile=f"{self.task}: reference",
            tofile=f"{self.task}: {self.operator}",
            n=2,
            lineterm="",
        )
        return "\n".join(lines)

    @property
    def key(self) -> str:
        """A short name of this mutant that stays the same while other lines come and go."""
        parts = [self.task, self.operator, self.before, self.after, str(self.occurrence)]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_KEY_DIGITS]
