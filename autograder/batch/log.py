"""The log of grading: everything nbgrader and the autograder say, in a file."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Self, TextIO

from autograder.batch.visible import visible

_WARNINGS = logging.getLogger("py.warnings")


class _VisibleFormatter(logging.Formatter):
    """Writes control characters out, since a log is read in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


class _Errors(logging.Handler):
    """Remembers the errors since it was last cleared."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


class Log:
    """Listens to loggers, and to Python's warnings, while it is open.

    Parameters
    ----------
    path
        The file, to which each run is added.
    loggers
        Whom to listen to.
    """

    def __init__(self, path: Path, *loggers: logging.Logger) -> None:
        self.path = path
        self._loggers = (*loggers, _WARNINGS)
        self._warnings = warnings.catch_warnings()
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.FileHandler(path, encoding="utf-8")
        file.setFormatter(_VisibleFormatter("%(asctime)s %(levelname)s %(message)s"))
        self._errors = _Errors()
        self._handlers = (file, self._errors)

    @property
    def errors(self) -> list[str]:
        """The error messages since the list was last cleared."""
        return self._errors.messages

    def __enter__(self) -> Self:
        self._warnings.__enter__()
        warnings.showwarning = _log_warning
        for logger in self._loggers:
            for handler in self._handlers:
                logger.addHandler(handler)
        return self

    def __exit__(self, *_: object) -> None:
        self._warnings.__exit__(None, None, None)
        for handler in self._handlers:
            for logger in self._loggers:
                logger.removeHandler(handler)
            handler.close()


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    _WARNINGS.warning("%s:%s: %s: %s", filename, lineno, category.__name__, message)
