"""``autograder grade``: a run over a class, and what is said at its end."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder.batch import Change, Only, check_assignment, open_course
from autograder.errors import UserError
from autograder.reports.regrade import repeat
from autograder.reports.session import ExitStatus, Session, grade_class, report
from autograder.sandbox import WarmParent


@dataclass(frozen=True)
class Request:
    """What the command line asked for."""

    slug: str
    jobs: int
    students: Sequence[str] = ()
    only: str = ""
    rerun: bool = False
    repeat: int = 0
    as_json: bool = False


def grade_command(
    request: Request,
    course_dir: Path,
    overrides: Mapping[str, Any],
    parents: Sequence[WarmParent],
    console: Console,
) -> int:
    """Grade, report, and return the exit status."""
    only = _only(request.only)
    course = open_course(course_dir, **overrides)
    session = grade_class(
        course,
        request.slug,
        console,
        students=request.students,
        jobs=request.jobs,
        only=only,
        rerun=request.rerun,
        parents=parents,
    )
    flips: list[Change] = []
    if request.repeat:
        assignment = check_assignment(course, request.slug)
        flips = repeat(assignment, session.graded, request.repeat, console, request.jobs)
    if request.as_json:
        json.dump(as_document(session, flips), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        report(session, console)
    return ExitStatus.INCOMPLETE if flips else session.status


def as_document(session: Session, flips: Sequence[Change] = ()) -> dict[str, Any]:
    """Return a run as plain data, for scripts."""
    return {
        "assignment": session.slug,
        "complete": session.status is ExitStatus.DONE,
        "tier": session.tier,
        "summary": str(session.summary),
        "log": str(session.log),
        "left": len(session.chosen) - len(session.graded) - len(session.unsaved),
        "unsaved": dict(session.unsaved),
        "flips": [dataclasses.asdict(flip) for flip in flips],
        "submissions": [
            {
                "student": item.student,
                "outcome": str(item.result.outcome),
                "graded_now": item.is_new,
                "stale": item.is_stale,
                "seconds": round(item.seconds, 3),
                "scores": {task.task: task.score for task in item.result.tasks},
                "reason": item.result.damaged,
                "marks_from": str(item.result.marks_from),
            }
            for item in session.graded
        ],
    }


def _only(text: str) -> Only | None:
    if not text:
        return None
    try:
        return Only(text)
    except ValueError as error:
        raise UserError(
            f"--only {text!r} is none of {', '.join(Only)}.", hint="Leave it out to grade all."
        ) from error
