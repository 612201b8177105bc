"""What ``autograder audit`` does: run, show how far it is, print, write a page."""

from __future__ import annotations

import sys
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.audit.page import write_page
from autograder.audit.report import Stage
from autograder.audit.run import CACHE_DIR, Options, audit
from autograder.audit.text import print_report
from autograder.settings import Settings

_DOING = {
    Stage.FILES: "reading the assignment",
    Stage.VARIANTS: "trying the known answers",
    Stage.MUTANTS: "trying mutants of the reference",
    Stage.COVERAGE: "looking again at tests that never failed",
    Stage.REPEATS: "repeating the tests on other inputs",
    Stage.MARGINS: "measuring margins",
    Stage.FEEDBACK: "reading the feedback",
    Stage.LEAKS: "searching for leaks",
}


def run_audit(
    slug: str,
    settings: Settings,
    options: Options,
    console: Console,
    *,
    verbose: bool,
    as_json: bool,
    html: bool,
) -> bool:
    """Audit an assignment and tell the result; return whether it passed.

    Parameters
    ----------
    console
        For the report. With ``as_json`` the report is JSON on standard output, and progress
        goes to standard error.
    html
        Whether to write a page below the course directory as well.
    """
    with _Progress(Console(stderr=True) if as_json else console) as progress:
        report = audit(slug, settings, options, progress)
    if as_json:
        sys.stdout.write(report.model_dump_json(indent=1) + "\n")
    else:
        print_report(report, console, verbose=verbose)
    if html:
        path = settings.locate(CACHE_DIR) / f"{slug}.html"
        write_page(path, report, datetime.now())
        if not as_json:
            console.print(f"Written: {path}", soft_wrap=True, markup=False, highlight=False)
    return report.passed


class _Progress:
    """A bar for each stage on a terminal; elsewhere a line when a stage begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar = self._bars.add_task("", visible=False, total=None)

    def begin(self, stage: Stage, trials: int) -> None:
        """Show what is going on now."""
        self._bars.remove_task(self._bar)
        self._bar = self._bars.add_task(_DOING[stage], total=trials or None)
        if not self._console.is_terminal:
            count = f" ({trials})" if trials else ""
            self._console.print(f"... {_DOING[stage]}{count}", highlight=False)

    def advance(self) -> None:
        """Count one more trial."""
        self._bars.advance(self._bar)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()
