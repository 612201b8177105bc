"""Runs the visible checks of a task and shows what they found; nothing raises out of here."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from course.checking.answer import Answer, MissingNameError, names_of_caller
from course.checking.loader import ChecksError, load_checks
from course.checking.marks import VisibleCheck
from course.checking.report import Report, Result, Status
from course.errors import message_of, name_and_message


def check(task: str) -> None:
    """Run the visible checks of a task on what you have defined, and show the result.

    The checks are in ``checks.py`` beside the notebook: read it, it shows what is meant. They
    are examples. Marks come from other tests, with other inputs.

    Parameters
    ----------
    task
        The id of the task, such as ``"a1_t3"``.
    """
    report = run_checks(task, names_of_caller(depth=1), Path.cwd())
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(report)
    else:
        print(report)


def run_checks(task: str, names: Mapping[str, Any], folder: Path) -> Report:
    """Run the checks of a task on the given names.

    Parameters
    ----------
    task
        The id of the task.
    names
        What the student defined.
    folder
        Where ``checks.py`` is.

    Returns
    -------
    Report
        Whatever the student's code does; also for a missing file or an unknown task. Only
        KeyboardInterrupt passes through, so that an endless loop can be stopped.
    """
    try:
        checks = load_checks(folder)
    except ChecksError as error:
        return Report(task, problem=str(error))
    chosen = [check for check in checks if check.task == task]
    if not chosen:
        known = ", ".join(dict.fromkeys(check.task for check in checks))
        problem = f"There is no visible check for {task!r}. There are some for: {known}."
        return Report(str(task), problem=problem)
    return Report(task, tuple(_result(check, names) for check in chosen))


def _result(check: VisibleCheck, names: Mapping[str, Any]) -> Result:
    """Run one check and put what it raises into words."""
    try:
        check(Answer(names))
    except MissingNameError as error:
        return Result(check.title, Status.NOT_WRITTEN, str(error))
    except NotImplementedError as error:
        return Result(check.title, Status.NOT_WRITTEN, message_of(error))
    except (Exception, SystemExit) as error:
        return _explained(check.title, error, names)
    return Result(check.title, Status.PASSED)


def _explained(title: str, error: BaseException, names: Mapping[str, Any]) -> Result:
    """Tell a check that says no from code that stops, and whose code it is that stops."""
    frames = _frames(error.__traceback__)
    own = [frame for frame in frames if frame.tb_frame.f_globals is names]
    line = f"line {own[-1].tb_lineno} of your cell: {_text_at(own[-1])}" if own else ""
    if isinstance(error, AssertionError) and frames[-1] not in own:
        return Result(title, Status.FAILED, message_of(error) or _text_at(frames[-1]), line)
    if own:
        return Result(title, Status.RAISED, name_and_message(error), line)
    told = f"The check could not use what your code returned ({name_and_message(error)})."
    return Result(title, Status.FAILED, told)


def _frames(trace: TracebackType | None) -> list[TracebackType]:
    """Return the entries of a traceback, outermost first."""
    frames = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    return frames


def _text_at(frame: TracebackType) -> str:
    """Return the line of source at which a frame stopped, as far as it can be found."""
    return linecache.getline(frame.tb_frame.f_code.co_filename, frame.tb_lineno).strip()
