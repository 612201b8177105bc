"""The log must hold what happened, and must give back what it borrowed."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

from autograder.batch.log import Log


def test_log_holds_errors_and_warnings_without_control_characters(tmp_path: Path) -> None:
    logger = logging.getLogger("test_log")
    with Log(tmp_path / "logs" / "b1.log", logger) as log:
        logger.error("%s: \x1b[2J gone", "ada")
        warnings.warn("an old call", DeprecationWarning, stacklevel=1)
        assert log.errors == ["ada: \x1b[2J gone"]
    text = log.path.read_text(encoding="utf-8")
    assert r"ERROR ada: \x1b[2J gone" in text
    assert "DeprecationWarning: an old call" in text
    assert "\x1b" not in text


def test_closed_log_listens_no_more(tmp_path: Path) -> None:
    logger, before = logging.getLogger("test_log"), warnings.showwarning
    with Log(tmp_path / "outer.log", logger), Log(tmp_path / "inner.log", logger):
        assert warnings.showwarning is not before
    assert logger.handlers == []
    assert warnings.showwarning is before
    logger.error("after")
    assert "after" not in (tmp_path / "inner.log").read_text(encoding="utf-8")


def test_runs_are_added_to_the_log(tmp_path: Path) -> None:
    logger = logging.getLogger("test_log")
    for number in range(2):
        with Log(tmp_path / "b1.log", logger):
            logger.error("run %s", number)
    text = (tmp_path / "b1.log").read_text(encoding="utf-8")
    assert "run 0" in text
    assert "run 1" in text
