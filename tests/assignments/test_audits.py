"""Every assignment's grader, audited at a reduced size; CI does it in full beside this."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.audit.report import Stage
from autograder.audit.run import Options, audit
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))


class _Silent:
    def begin(self, stage: Stage, trials: int) -> None: ...

    def advance(self) -> None: ...


@pytest.mark.timeout(900)
@pytest.mark.parametrize("slug", SLUGS)
def test_grader_tells_right_from_wrong(slug: str, tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path,  # its own cache: nothing an earlier audit kept decides here
        assignments_dir=ROOT / "assignments",
        solutions_dir=ROOT / "solutions",
        graders_dir=ROOT / "autograder" / "graders",
    )
    options = Options(repeats=10, quick=True, leaks=False, jobs=1)
    report = audit(slug, settings, options, _Silent())
    assert report.passed, "\n".join(f"{found.where}: {found.problem}" for found in report.errors)
    assert len(report.rows) > 15
    assert report.mutants
    assert report.repeats.runs == 10
