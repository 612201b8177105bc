"""Runs nbgrader's own tests, which its wheel holds, on plain nbgrader and with the autograder on.

Every test that passes on the one has to pass with the other: `python tests/nbgrader_own/run.py`.
The autograder is switched on by a configuration for the whole machine (``site/``), so that the
courses which the tests make are ordinary ones, and know nothing of it. A witness among its steps
counts the notebooks that went through it.

Exit status: 0 if it is so, 1 if not, 2 if the tests could not be run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from xml.etree import ElementTree

import nbgrader

SITE = Path(__file__).resolve().parent / "site"
SUITES = ("nbgrader.tests.apps.test_nbgrader_autograde", "nbgrader.tests.preprocessors")
GUIDE = "docs/source/user_guide"
FEWEST_PASSING = 180
FEWEST_NOTEBOOKS = 40
"""Of nbgrader 0.9.6 more pass and more are graded; fewer, and the tests did not run as they do."""


def main() -> int:
    """Run both, compare them test by test, and say what differs."""
    with tempfile.TemporaryDirectory(prefix="nbgrader-own-") as folder:
        scratch, witness = Path(folder), Path(folder, "graded.txt")
        witness.touch()
        switched_on = {"JUPYTER_CONFIG_PATH": SITE, "PYTHONPATH": SITE, "WITNESS_FILE": witness}
        plain = outcomes(scratch / "plain")
        passing = passed(plain)
        lost = passing - passed(outcomes(scratch / "ours", switched_on))
        if lost:  # some have a deadline, which a busy machine can break: only twice counts
            lost -= passed(outcomes(scratch / "again", switched_on, only=lost))
        graded = len(witness.read_text().splitlines())
    print(f"plain nbgrader: {len(passing)} of its {len(plain)} tests pass")
    print(f"with the autograder: {len(passing) - len(lost)} of these {len(passing)} pass")
    print(f"notebooks that the autograder graded meanwhile: {graded}")
    for name in sorted(lost):
        print(f"  lost: {name}")
    if len(passing) < FEWEST_PASSING or graded < FEWEST_NOTEBOOKS:
        print(f"At least {FEWEST_PASSING} tests and {FEWEST_NOTEBOOKS} notebooks were expected.")
        return 2
    return 1 if lost else 0


def outcomes(
    folder: Path, variables: Mapping[str, Path] = MappingProxyType({}), only: Iterable[str] = ()
) -> dict[str, str]:
    """Run the tests in a folder of their own; return the outcome of each by its id."""
    shutil.copytree(nbgraders(GUIDE), folder / "nbgrader" / GUIDE)  # some read it from here
    report = folder / "report.xml"
    options = f"-c {os.devnull} --rootdir={folder} -p no:cacheprovider -q -n 2".split()
    names = {name.partition("::")[2].partition("[")[0] for name in only}
    alone = {"HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder)}
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--junitxml={report}"]
        + (["-k", " or ".join(sorted(names))] if names else [])
        + ["--pyargs", *SUITES],
        cwd=folder,
        env={**os.environ, **alone, **{name: str(value) for name, value in variables.items()}},
        check=False,
    )
    if not report.exists():
        return {}
    cases = ElementTree.parse(report).iter("testcase")
    return {f"{case.get('classname')}::{case.get('name')}": _outcome(case) for case in cases}


def passed(outcomes: Mapping[str, str]) -> set[str]:
    """Return the ids of the tests that passed."""
    return {name for name, outcome in outcomes.items() if outcome == "passed"}


def nbgraders(place: str) -> Path:
    """Return where something lies in the installed package."""
    return Path(nbgrader.__file__).parent / place


def _outcome(case: ElementTree.Element) -> str:
    kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
    return min(kinds, default="passed")


if __name__ == "__main__":
    sys.exit(main())
