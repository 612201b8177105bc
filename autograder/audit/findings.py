"""Wording that several parts of an audit share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.audit.report import Finding, Severity, Stage
from autograder.audit.trial import Seen
from autograder.outcomes import Outcome

_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')


def error(stage: Stage, where: object, problem: str, advice: str = "") -> Finding:
    """Return a finding that makes the audit fail."""
    return Finding(stage=stage, where=str(where), problem=problem, advice=advice)


def warning(stage: Stage, where: object, problem: str, advice: str = "") -> Finding:
    """Return a finding to look at."""
    return Finding(
        stage=stage, severity=Severity.WARNING, where=str(where), problem=problem, advice=advice
    )


def grader_errors(
    stage: Stage, label: str, seen: Iterable[Seen], grader_dir: Path
) -> list[Finding]:
    """Return what went wrong in the hidden tests themselves, once for each test.

    Parameters
    ----------
    label
        The answer on which it was seen.
    """
    found: dict[str, Finding] = {}
    for run in seen:
        if run.outcome is Outcome.NOT_GRADED and run.test not in found:
            note = run.staff_note or run.message
            found[run.test] = error(
                stage,
                _place(note, grader_dir) or f"{grader_dir / run.file} ({run.test})",
                f"{run.test} could not decide about {label}: {_last_line(note)}",
                "Until this is mended nobody's answer is graded by this test.",
            )
    return list(found.values())


def _place(text: str, grader_dir: Path) -> str:
    """Return the innermost file and line of a traceback that lies among the hidden tests."""
    places = [m for m in _PLACE.finditer(text) if Path(m["file"]).is_relative_to(grader_dir)]
    return f"{places[-1]['file']}:{places[-1]['line']}" if places else ""


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "no reason was given"
