"""Runs nbgrader's own tests, which its wheel holds, on plain nbgrader and with the autograder on.

Every test that passes on the one has to pass with the other: `python tests/nbgrader_own/run.py`.
The autograder is switched on by a configuration for the whole machine (``site/``), so that the
courses which the tests make are ordinary ones, and know nothing of it.

Exit status: 0 if it is so, 1 if not, 2 if the tests could not be run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
SUITES = ("nbgrader.tests.apps.test_nbgrader_autograde", "nbgrader.tests.preprocessors")
FEWEST = 180
"""Tests that pass on plain nbgrader 0.9.6; fewer, and they were not found or could not run."""


def main() -> int:
    """Run both, compare them test by test, and say what differs."""
    with tempfile.TemporaryDirectory(prefix="nbgrader-own-") as scratch:
        plain = outcomes(Path(scratch), "plain", {})
        ours = outcomes(Path(scratch), "ours", {"JUPYTER_CONFIG_PATH": str(HERE / "site")})
    passing = {name for name, outcome in plain.items() if outcome == "passed"}
    print(f"plain nbgrader: {len(passing)} of {len(plain)} tests pass")
    if len(passing) < FEWEST:
        print(f"At least {FEWEST} should. Is nbgrader installed with its tests?")
        return 2
    lost = {
        name: ours.get(name, "not run") for name in sorted(passing) if ours.get(name) != "passed"
    }
    print(f"with the autograder: {len(passing) - len(lost)} of these {len(passing)} pass")
    for name, outcome in lost.items():
        print(f"  {outcome}: {name}")
    return 1 if lost else 0


def outcomes(scratch: Path, name: str, variables: dict[str, str]) -> dict[str, str]:
    """Run the tests in a folder of their own; return the outcome of each by its id."""
    folder = scratch / name
    folder.mkdir()
    report = folder / "report.xml"
    options = [
        "-c",
        os.devnull,
        f"--rootdir={folder}",
        "-p",
        "no:cacheprovider",
        "-q",
        "--tb=short",
    ]
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", "--pyargs", *SUITES],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder), **variables},
        check=False,
    )
    if not report.exists():
        return {}
    cases = ElementTree.parse(report).iter("testcase")
    return {f"{case.get('classname')}::{case.get('name')}": _outcome(case) for case in cases}


def _outcome(case: ElementTree.Element) -> str:
    kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
    return min(kinds, default="passed")


if __name__ == "__main__":
    sys.exit(main())
