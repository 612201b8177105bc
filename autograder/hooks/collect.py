"""Collects submissions from the exchange without following links.

The inbound folder is the students' to write to, while collecting runs as the instructor:
a link to a hidden test would be copied as a file that its author gets back as feedback.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect

from autograder.hooks.files import UnreadableError, printable, read_regular, survey
from autograder.hooks.preflight import STUDENT_ID


class CollectRegularFiles(ExchangeCollect):  # type: ignore[misc]  # nbgrader has no types
    """An ``ExchangeCollect`` that takes ordinary files and leaves everything else.

    One submission that cannot be taken does not keep the others from being collected.
    """

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        """List the submissions, without those whose student's name could be markup."""
        super().init_src()
        names = [record["username"] for record in self.src_records]
        for name in names:
            if not STUDENT_ID.fullmatch(name):
                self.log.error("Not collected: %r cannot be a student's id.", name)
        self.src_records = [
            record for record in self.src_records if STUDENT_ID.fullmatch(record["username"])
        ]

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission by way of a private folder that holds ordinary files only.

        Its owner may exchange files for links at any moment, so each is opened without
        following links before it is looked at.
        """
        if Path(src).is_symlink():
            self.log.error("Not collected: %s is a symbolic link.", printable(src))
            return
        try:
            with tempfile.TemporaryDirectory() as private:
                staging = Path(private, "submission")
                staging.mkdir()  # with the mode that folders of this account have
                self._stage(Path(src), staging)
                super().do_copy(str(staging), dest, log)
        except (OSError, RuntimeError) as error:  # nbgrader's word for one that is too large
            self.log.error("Not collected: %s: %s", printable(src), error)

    def _stage(self, src: Path, staging: Path) -> None:
        found = survey(src)
        if found.too_much:
            raise RuntimeError(found.too_much)
        left = 1000 * self.coursedir.max_dir_size
        for name in found.regular:
            try:
                data = read_regular(src / name, left)
            except UnreadableError as error:
                found.odd[name] = f"was left out: {error}"
                continue
            left -= len(data)
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(data)
        for name, reason in found.odd.items():
            self.log.warning("Not collected: %s in %s, which %s", printable(name), src, reason)
