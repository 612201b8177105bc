"""The journal of grading: what was graded, from what, and how far it got.

``<course directory>/.autograder/journal.db``. A submission goes from *started* to *graded*, when
its marks are here and nowhere else, to *saved*, when they are in the gradebook; or to
*quarantined*, when it cannot be graded, with the reason. A run that is killed goes on from there.
No decision depends on a time; they are kept for people.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from autograder.batch.digests import Basis
from autograder.batch.marked import Marked
from autograder.errors import UserError
from autograder.outcomes import Outcome

FILE = Path(".autograder", "journal.db")
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS submissions (
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    state TEXT NOT NULL,
    submission TEXT NOT NULL,
    grader TEXT NOT NULL,
    data TEXT NOT NULL,
    environment TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    document TEXT,
    seconds REAL NOT NULL DEFAULT 0,
    changed TEXT NOT NULL,
    PRIMARY KEY (assignment, student)
) STRICT;
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT,
    conditions TEXT NOT NULL
) STRICT;
"""


class State(StrEnum):
    """How far a submission has got."""

    STARTED = "started"
    GRADED = "graded"
    SAVED = "saved"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Entry:
    """What the journal knows of one submission."""

    student: str
    state: State
    submission: str
    basis: Basis
    outcome: Outcome | None
    reason: str
    document: str | None
    seconds: float

    @property
    def marked(self) -> Marked | None:
        """What was graded and is not saved, if it is there."""
        return Marked.model_validate_json(self.document) if self.document else None


class Journal:
    """The journal of one course directory; use it as a context manager.

    Raises
    ------
    UserError
        If the file is not a journal, or was written by a later version.
    """

    def __init__(self, root: Path) -> None:
        path = root / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise UserError(
                    f"{path} was written by a later version of the autograder.",
                    hint="Install that version, or move the file away: all is graded again then.",
                )
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_TABLES)
            self._connection.execute(f"PRAGMA user_version={_VERSION}")
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"{path} cannot be used as the journal: {error}.",
                hint="If it is damaged, move it away: all is graded again then.",
            ) from error

    def entries(self, assignment: str) -> dict[str, Entry]:
        """Return what is known of an assignment's submissions, by student."""
        rows = self._connection.execute(
            "SELECT student, state, submission, grader, data, environment, outcome, reason, "
            "document, seconds FROM submissions WHERE assignment = ? ORDER BY student",
            (assignment,),
        )
        return {row[0]: _entry(row) for row in rows}

    def start(self, assignment: str, student: str, submission: str, basis: Basis) -> None:
        """Note that a submission is being graded, and from what."""
        self._connection.execute(
            "INSERT INTO submissions (assignment, student, state, submission, grader, data, "
            "environment, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET state = excluded.state, submission = excluded.submission, "
            "grader = excluded.grader, data = excluded.data, environment = excluded.environment, "
            "changed = excluded.changed, document = NULL, outcome = '', reason = ''",
            (
                *(assignment, student, State.STARTED, submission),
                *(basis.grader, basis.data, basis.environment, _now()),
            ),
        )

    def graded(self, marked: Marked) -> None:
        """Keep what was graded until it is saved."""
        self._change(
            marked.assignment,
            marked.student,
            State.GRADED,
            document=marked.model_dump_json(),
            seconds=marked.seconds,
        )

    def saved(self, assignment: str, student: str, outcome: Outcome) -> None:
        """Note that the marks are in the gradebook."""
        self._change(assignment, student, State.SAVED, document=None, outcome=str(outcome))

    def quarantine(self, assignment: str, student: str, reason: str) -> None:
        """Note that a submission cannot be graded, and why."""
        outcome = str(Outcome.NOT_GRADED)
        state = State.QUARANTINED
        self._change(assignment, student, state, document=None, outcome=outcome, reason=reason)

    @contextlib.contextmanager
    def run(self, assignment: str, conditions: str) -> Iterator[None]:
        """Note the beginning and the end of a run, and the conditions that it fixes."""
        number = self._connection.execute(
            "INSERT INTO runs (assignment, began, conditions) VALUES (?, ?, ?)",
            (assignment, _now(), conditions),
        ).lastrowid
        yield
        self._connection.execute("UPDATE runs SET ended = ? WHERE id = ?", (_now(), number))

    def last_run(self, assignment: str) -> tuple[str, str | None, str] | None:
        """Return when the last run began and ended, and its conditions."""
        row: tuple[str, str | None, str] | None = self._connection.execute(
            "SELECT began, ended, conditions FROM runs WHERE assignment = ? ORDER BY id DESC",
            (assignment,),
        ).fetchone()
        return row

    def _change(self, assignment: str, student: str, state: State, **columns: Any) -> None:
        columns |= {"state": str(state), "changed": _now()}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        self._connection.execute(
            f"UPDATE submissions SET {assignments} WHERE assignment = ? AND student = ?",
            (*columns.values(), assignment, student),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(
        student=row[0],
        state=State(row[1]),
        submission=row[2],
        basis=Basis(grader=row[3], data=row[4], environment=row[5]),
        outcome=Outcome(row[6]) if row[6] else None,
        reason=row[7],
        document=row[8],
        seconds=row[9],
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
