"""Shows grading while it goes on: one line for each submission, and a bar on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.batch.grade import Graded
from autograder.batch.run import Watcher
from autograder.batch.visible import visible
from autograder.outcomes import SubmissionResult

_LONGEST_ID = 32


class _Lines:
    """Prints a line for each submission that is done."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._done = 0

    def started(self, student: str) -> None:
        """Say nothing: a line that is never finished helps nobody."""

    def finished(self, graded: Graded) -> None:
        """Print what it came to."""
        self._done += 1
        place = f"[{self._done:>{len(str(self._total))}}/{self._total}]"
        how = f"({graded.seconds:.1f} s)" if graded.is_new else "(graded before)"
        line = f"{place} {visible(graded.student, _LONGEST_ID)}: {headline(graded.result)} {how}"
        self._console.print(Text(line), soft_wrap=True)

    def stopping(self) -> None:
        """Say that Ctrl-C was heard."""
        self._console.print("Finishing what is being graded; Ctrl-C again stops at once.")

    def tick(self) -> None:
        """Say nothing: a line is printed when there is news."""


class _Bar(_Lines):
    """The same, above a bar that tells who is being graded, how fast, and what is left."""

    def __init__(self, console: Console, total: int, bar: Progress) -> None:
        super().__init__(console, total)
        self._bar = bar
        self._running: dict[str, None] = {}
        self._waiting = 0
        self._task = bar.add_task("", total=total, students="", waiting="")

    def started(self, student: str) -> None:
        """Name the student beside the bar."""
        self._running[visible(student, _LONGEST_ID)] = None
        self._show()

    def finished(self, graded: Graded) -> None:
        """Move the bar on."""
        super().finished(graded)
        self._running.pop(visible(graded.student, _LONGEST_ID), None)
        self._waiting += not graded.result.outcome.is_settled
        self._bar.advance(self._task)
        self._show()

    def tick(self) -> None:
        """Draw the bar again, so that its clock goes on; no thread does it."""
        self._bar.refresh()

    def _show(self) -> None:
        waiting = f"{self._waiting} without a mark" if self._waiting else ""
        self._bar.update(self._task, students=" ".join(self._running), waiting=waiting)
        self._bar.refresh()


class _Rate(ProgressColumn):
    """Submissions a minute, over the last of them."""

    def render(self, task: Task) -> Text:
        """Return the rate, once there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.0f}/min" if speed else "")


@contextmanager
def show_progress(console: Console, total: int) -> Iterator[Watcher]:
    """Show how far grading has come: with a bar on a terminal, else in plain lines."""
    if not console.is_terminal:
        yield _Lines(console, total)
        return
    columns = (
        TextColumn("Grading"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[waiting]}", style="yellow"),
        TextColumn("{task.fields[students]}", markup=False),
    )
    # Without a thread that draws: the coordinator ticks, and processes are forked meanwhile.
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        yield _Bar(console, total, bar)


def headline(result: SubmissionResult) -> str:
    """Return a submission's outcome and points in a few words."""
    scores = [task.score for task in result.tasks]
    reached = sum(score for score in scores if score is not None)
    total = sum(task.max_points for task in result.tasks)
    if all(score is None for score in scores):
        return str(result.outcome)
    return f"{result.outcome}, {reached:g} of {total:g}"
