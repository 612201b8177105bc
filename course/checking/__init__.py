"""Visible checks: what a student runs with ``check("a1_t3")`` and an author writes.

An assignment's ``checks.py`` holds functions marked with :func:`visible`. They show on an
example or two what a task means, and answer at once. Marks come from hidden tests.

Nothing here loads numpy, so ``from course import check`` costs next to nothing.
"""

from __future__ import annotations

from course.checking.answer import Answer, MissingNameError
from course.checking.marks import VisibleCheck, visible
from course.checking.report import Report, Result, Status
from course.checking.run import check, run_checks

__all__ = [
    "Answer",
    "MissingNameError",
    "Report",
    "Result",
    "Status",
    "VisibleCheck",
    "check",
    "run_checks",
    "visible",
]
