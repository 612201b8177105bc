"""The assignment that `autograder new` writes, to plant faults in and to audit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.audit.report import AuditReport, Finding, Stage
from autograder.audit.run import Options, audit
from autograder.settings import Settings

SLUG = "b1_errors"


class Silent:
    """Watches an audit, and says nothing."""

    def begin(self, stage: Stage, trials: int) -> None:
        """Ignore it."""

    def advance(self) -> None:
        """Ignore it."""


@dataclass(frozen=True)
class Bench:
    """A course with one assignment, whose files a test may change before it is audited."""

    settings: Settings

    @property
    def tests(self) -> Path:
        """The file of hidden tests."""
        return self.settings.locate(self.settings.graders_dir) / SLUG / "test_mean_squared_error.py"

    @property
    def hints(self) -> Path:
        return self.tests.with_name("hints.toml")

    @property
    def solutions(self) -> Path:
        return self.settings.locate(self.settings.solutions_dir) / SLUG

    def audit(self, *, leaks: bool = False, repeats: int = 0, **options: float) -> AuditReport:
        """Audit it, in one process."""
        chosen = Options(repeats=repeats, leaks=leaks, jobs=1, **options)
        return audit(SLUG, self.settings, chosen, Silent())


def change(path: Path, before: str, after: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text()
    assert before in text, f"{path} does not hold {before!r}"
    path.write_text(text.replace(before, after))


def problems(report: AuditReport, stage: Stage | None = None) -> list[Finding]:
    """Return the errors found, or those of one stage."""
    return [finding for finding in report.errors if stage in (None, finding.stage)]
