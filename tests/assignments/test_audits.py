"""Every assignment's grader, audited at a reduced size; CI does some in full before this.

What the full audit of the same files has tried is kept by content, and not tried again here.
"""

from __future__ import annotations

import pytest

from autograder.audit.report import Stage
from autograder.audit.run import Options, audit

from .material import SETTINGS, SLUGS


class _Silent:
    def begin(self, stage: Stage, trials: int) -> None: ...

    def advance(self) -> None: ...


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("slug", SLUGS)
def test_grader_tells_right_from_wrong(slug: str) -> None:
    options = Options(repeats=3, quick=True, leaks=False, jobs=2)  # some wait more than they work
    report = audit(slug, SETTINGS, options, _Silent())
    assert report.passed, "\n".join(f"{found.where}: {found.problem}" for found in report.errors)
    assert len(report.rows) > 10
    assert report.mutants
    assert report.repeats.runs == 3
