"""Keeps what trials came to, by the content of everything that decided it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pydantic import ValidationError

from autograder.audit.trial import TrialResult

_KEPT_DAYS = 30


class Cache:
    """A directory of JSON documents; one that cannot be read counts as missing.

    Parameters
    ----------
    directory
        Made when it is first written to.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def get(self, key: str) -> TrialResult | None:
        """Return what was kept, or None."""
        path = self._path(key)
        try:
            result = TrialResult.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        os.utime(path)
        return result

    def put(self, key: str, result: TrialResult) -> None:
        """Keep a result. A reader never meets half of it."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(result.model_dump_json(), encoding="utf-8")
        unfinished.replace(path)

    def prune(self) -> None:
        """Forget what no audit has asked for in a month."""
        border = time.time() - _KEPT_DAYS * 86_400
        for path in self._directory.glob("*/*.json"):
            if path.stat().st_mtime < border:
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / f"{key[2:]}.json"
