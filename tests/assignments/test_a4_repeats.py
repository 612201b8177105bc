"""Two hundred repeats of a4's hidden tests, several starts of ranks each: no flip, nothing left."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from autograder.audit.laboratory import Laboratory, Subject
from autograder.audit.trial import Trial
from autograder.authoring import build_stub, load_assignment, load_solutions
from autograder.outcomes import Outcome
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a4_distributed_training"
SETTINGS = load_settings(ROOT)
ASSIGNMENT = load_assignment(SLUG, SETTINGS)
SOLUTIONS = load_solutions(ASSIGNMENT, SETTINGS)
REPEATS = 200
# One of each way of talking: messages, collectives, state that stays, shards, and a pipeline.
RIGHT = {
    "test_a4_t2.py": ("test_every_rank_ends_with_the_sum",),
    "test_a4_t5.py": ("test_ranks_talk_once_however_many_micro_batches",),
    "test_a4_t7.py": ("test_gradient_is_the_mean_over_ranks",),
    "test_a4_t9.py": ("test_run_gives_the_outputs_of_all_stages",),
}
DEADLOCK = {"test_a4_t2.py": ("test_each_rank_sends_its_share_and_no_more",)}

pytestmark = [pytest.mark.proof, pytest.mark.timeout(3000)]


def lying_about(folder: Path) -> set[str]:
    """Name processes that it started, shared memory, and what lies in the temporary folder."""
    me = psutil.Process()
    running = {f"process {child.pid}" for child in me.children(recursive=True)}
    shared = {str(path) for path in Path("/dev/shm").iterdir() if path.owner() == "root"}
    files = {str(path) for path in folder.rglob("*")}
    return running | shared | files


@pytest.fixture
def laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """Give the place where answers are tried; demand afterwards that nothing is left of it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    subject = Subject(
        slug=SLUG,
        contract=ASSIGNMENT.contract,
        stub=build_stub(SLUG, SETTINGS),
        files={},
        grader_dir=ROOT / "autograder" / "graders" / SLUG,
        reference=SOLUTIONS.reference.path,
        secret=b"repeats",
        settings=SETTINGS,
        test_patience_s=2400,
    )
    before = lying_about(tmp_path)
    with Laboratory(subject) as laboratory:
        yield laboratory
        assert lying_about(tmp_path) != before, "nothing was started"
    assert lying_about(tmp_path) == before


def outcomes(
    laboratory: Laboratory, answers: Mapping[str, str], tests: Mapping[str, tuple[str, ...]]
) -> Counter[Outcome]:
    terms = tuple(f"repeat {number}" for number in range(REPEATS))
    seen = laboratory.run(Trial("an answer", answers, tests, terms=terms)).seen
    assert {one.term for one in seen} == set(terms)
    return Counter(one.outcome for one in seen)


def test_right_answer_passes_two_hundred_times(laboratory: Laboratory) -> None:
    found = outcomes(laboratory, SOLUTIONS.reference.answers, RIGHT)
    assert set(found) == {Outcome.PASSED}, found
    assert found.total() >= REPEATS * len(RIGHT)


def test_deadlock_is_seen_two_hundred_times(laboratory: Laboratory) -> None:
    (stuck,) = (variant for variant in SOLUTIONS.wrong if variant.name.endswith("ring_deadlock"))
    found = outcomes(laboratory, {**SOLUTIONS.reference.answers, **stuck.answers}, DEADLOCK)
    assert found == {Outcome.FAILED: REPEATS}
