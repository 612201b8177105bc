"""What an audit found, as plain data: printed, shown as a page, or written as JSON.

An audit *fails* if it has one finding that is an error. Everything else is measurement: how
many mutants the tests kill, how far right and wrong answers lie from each tolerance, what
each test costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from autograder.outcomes import Outcome


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The grader is not fair, or cannot be relied upon: the audit fails."""
    WARNING = "warning"
    """Worth a look; the audit does not fail because of it."""


class Stage(StrEnum):
    """The parts of an audit, in their order."""

    FILES = "files"
    VARIANTS = "variants"
    MUTANTS = "mutants"
    REPEATS = "repeats"
    MARGINS = "margins"
    LEAKS = "leaks"
    FEEDBACK = "feedback"
    COVERAGE = "coverage"


class Finding(_Document):
    """Something an instructor should mend."""

    stage: Stage
    severity: Severity = Severity.ERROR
    where: str
    """File, with line where one is known, or the name of a test or variant."""
    problem: str
    """What is wrong, in a sentence or two."""
    advice: str = ""
    """What to do about it."""


class Kind(StrEnum):
    """What an answer is known to be."""

    REFERENCE = "reference"
    STUB = "stub"
    RIGHT = "right"
    WRONG = "wrong"


class Cell(_Document):
    """What one test made of one answer."""

    outcome: Outcome
    hint: str | None = None
    message: str = ""
    expected_failure: bool = False
    """Whether the variant lists this test among those it must fail."""
    as_expected: bool
    """Whether the outcome is one the answer may have (an unlisted failure inside its task is)."""


class Row(_Document):
    """One answer, and what every test made of it."""

    name: str
    kind: Kind
    path: str
    tasks: tuple[str, ...]
    """The tasks it answers itself; the reference answers the others."""
    misconception: str = ""
    hints_expected: tuple[str, ...] = ()
    hints_given: tuple[str, ...] = ()
    cells: dict[str, Cell]
    """By the tests' names, in the order of :attr:`AuditReport.tests`."""


class MutantVerdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    """It survived, and a person has said why it gives the same answers."""
    ACCEPTED = "accepted"
    """It survived and is not equivalent; a person has said why that is no matter."""


class MutantRow(_Document):
    """One small change to the reference, and whether the tests saw it."""

    key: str
    task: str
    operator: str
    line: int
    """Within the answer's cell, from 1."""
    diff: str
    verdict: MutantVerdict
    killed_by: str = ""
    """The first test that failed."""
    reason: str = ""
    """Why it may survive, where somebody has said so."""


class OpenPart(_Document):
    """A function of the reference that is judged by its result: its mutants are not made."""

    task: str
    function: str
    reason: str


class MutantShare(_Document):
    """The share of a task's mutants that the tests kill."""

    task: str
    killed: int
    counted: int
    """All but the equivalent ones."""
    equivalent: int

    @property
    def percent(self) -> float:
        """100 where there is nothing to kill."""
        return 100.0 * self.killed / self.counted if self.counted else 100.0


class Flip(_Document):
    """A right answer that a test refused, or a wrong one it let pass, for other hidden inputs."""

    variant: str
    test: str
    term: str
    """The term whose hidden inputs show it: ``AUTOGRADER_TERM=<term>`` draws them again."""
    seed: int
    conditions: str
    """Threads and load under which it was seen."""
    message: str


class Repeats(_Document):
    """How often the tests were repeated on right answers, and what changed."""

    runs: int = 0
    """Each is the whole set of tests, but for slow ones, on one right answer."""
    slow_tests: tuple[str, ...] = ()
    """Tests that take so long that they are repeated less often."""
    slow_runs: int = 0
    verdicts: int = 0
    by_conditions: dict[str, int] = Field(default_factory=dict)
    flips: tuple[Flip, ...] = ()


class Margin(_Document):
    """How far from its tolerance a comparison's answers lie, in units of the tolerance.

    1 is the border: the worst right answer must stay below it, the best wrong one above.
    """

    test: str
    site: str
    """File and line of the comparison."""
    worst_right: float | None
    worst_right_variant: str = ""
    best_wrong: float | None
    """None if no wrong answer or mutant was refused here by its value."""
    best_wrong_variant: str = ""
    note: str = ""


class Leak(_Document):
    """Hidden text or a hidden value, found where students could read it."""

    what: str
    where: str


class LeakSearch(_Document):
    """Where canaries were searched for."""

    places: dict[str, int] = Field(default_factory=dict)
    """Place -> how many files, frames or messages were searched."""
    leaks: tuple[Leak, ...] = ()


class TestCost(_Document):
    """What a test costs, and what it is good for."""

    __test__ = False  # not a pytest class, whatever its name

    test: str
    task: str
    points: float
    milliseconds: float
    """Median over the right answers."""
    wrong_failed: int
    """How many wrong variants fail it."""
    mutants_killed: int
    """How many mutants it was the first to kill."""


class AuditReport(_Document):
    """Everything an audit saw."""

    slug: str
    title: str
    tier: str
    """How the answers were confined, as in every mark."""
    tests: tuple[TestCost, ...] = ()
    rows: tuple[Row, ...] = ()
    mutants: tuple[MutantRow, ...] = ()
    shares: tuple[MutantShare, ...] = ()
    open_parts: tuple[OpenPart, ...] = ()
    repeats: Repeats = Repeats()
    margins: tuple[Margin, ...] = ()
    leak_search: LeakSearch = LeakSearch()
    findings: tuple[Finding, ...] = ()
    stages_seconds: dict[Stage, float] = Field(default_factory=dict)
    trials: int = 0
    """How many times an answer's cells were run, or would have been without the cache."""
    trials_cached: int = 0

    @property
    def errors(self) -> Sequence[Finding]:
        """The findings that make the audit fail."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]

    @property
    def passed(self) -> bool:
        """Whether nothing was found that makes a grader unfair."""
        return not self.errors
