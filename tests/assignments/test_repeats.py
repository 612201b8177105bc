"""Two hundred repeats of hidden tests that start processes: no flip, and nothing is left."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from autograder.audit.laboratory import Laboratory, Subject
from autograder.audit.trial import Trial
from autograder.authoring import build_stub, load_assignment, load_solutions
from autograder.outcomes import Outcome
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load_settings(ROOT)
REPEATS = 200
Tests = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """Tests of an assignment that start several processes, and an answer that waits in vain.

    Attributes
    ----------
    right
        By file, tests that the reference passes.
    wrong, stuck
        A wrong variant, and by file the test that it fails.
    """

    slug: str
    right: Tests
    wrong: str
    stuck: Tests


CASES = (
    # One of each way of talking: messages, collectives, state that stays, shards, and a pipeline.
    Case(
        slug="a4_distributed_training",
        right={
            "test_a4_t2.py": ("test_every_rank_ends_with_the_sum",),
            "test_a4_t5.py": ("test_ranks_talk_once_however_many_micro_batches",),
            "test_a4_t7.py": ("test_gradient_is_the_mean_over_ranks",),
            "test_a4_t9.py": ("test_run_gives_the_outputs_of_all_stages",),
        },
        wrong="ring_deadlock",
        stuck={"test_a4_t2.py": ("test_each_rank_sends_its_share_and_no_more",)},
    ),
    # Shared memory, a crew that stays, a race that is forced, a lock that nobody gives back.
    Case(
        slug="a5_parallel_algorithms",
        right={
            "test_a5_t2.py": (
                "test_each_chunk_has_a_process_of_its_own",
                "test_nothing_is_left_after_a_failure",
            ),
            "test_a5_t4.py": ("test_same_processes_work_all_the_time", "test_start_does_not_wait"),
            "test_a5_t9.py": ("test_no_deposit_is_lost",),
        },
        wrong="deposit_lock_kept_by_failure",
        stuck={"test_a5_t9.py": ("test_failure_gives_the_lock_back",)},
    ),
    # gunicorn asked, reloaded and stopped; a server of one's own whose worker dies, and its stop.
    Case(
        slug="a6_flask_serving",
        right={
            "test_a6_t4.py": ("test_alive_is_not_ready",),
            "test_a6_t5.py": (
                "test_reload_brings_a_new_artifact_and_loses_nothing",
                "test_stop_lets_requests_end",
            ),
            "test_a6_t6.py": (
                "test_a_worker_that_dies_costs_one_request",
                "test_stop_finishes_what_was_accepted",
            ),
        },
        wrong="server_one_at_a_time",
        stuck={"test_a6_t6.py": ("test_workers_work_at_the_same_time",)},
    ),
)

pytestmark = [pytest.mark.proof, pytest.mark.timeout(3000)]


def lying_about(folder: Path) -> set[str]:
    """Name processes that it started, shared memory, and what lies in the temporary folder."""
    me = psutil.Process()
    running = {f"process {child.pid}" for child in me.children(recursive=True)}
    shared = {str(path) for path in Path("/dev/shm").iterdir() if path.owner() == "root"}
    files = {str(path) for path in folder.rglob("*")}
    return running | shared | files


@pytest.fixture(params=CASES, ids=lambda case: case.slug)
def case(request: pytest.FixtureRequest) -> Case:
    """Give one assignment after the other."""
    asked: Case = request.param
    return asked


@pytest.fixture
def laboratory(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    """Give the place where answers are tried; demand afterwards that nothing is left of it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    assignment = load_assignment(case.slug, SETTINGS)
    subject = Subject(
        slug=case.slug,
        contract=assignment.contract,
        stub=build_stub(case.slug, SETTINGS),
        files={},
        grader_dir=ROOT / "autograder" / "graders" / case.slug,
        reference=load_solutions(assignment, SETTINGS).reference.path,
        secret=b"repeats",
        settings=SETTINGS,
        test_patience_s=2400,
    )
    before = lying_about(tmp_path)
    with Laboratory(subject) as laboratory:
        yield laboratory
        assert lying_about(tmp_path) != before, "nothing was started"
    assert lying_about(tmp_path) == before


def outcomes(laboratory: Laboratory, answers: Mapping[str, str], tests: Tests) -> Counter[Outcome]:
    terms = tuple(f"repeat {number}" for number in range(REPEATS))
    seen = laboratory.run(Trial("an answer", answers, tests, terms=terms)).seen
    assert {one.term for one in seen} == set(terms)
    return Counter(one.outcome for one in seen)


def test_right_answer_passes_two_hundred_times(case: Case, laboratory: Laboratory) -> None:
    solutions = load_solutions(load_assignment(case.slug, SETTINGS), SETTINGS)
    found = outcomes(laboratory, solutions.reference.answers, case.right)
    assert set(found) == {Outcome.PASSED}, found
    assert found.total() >= REPEATS * sum(map(len, case.right.values()))


def test_waiting_in_vain_is_seen_two_hundred_times(case: Case, laboratory: Laboratory) -> None:
    solutions = load_solutions(load_assignment(case.slug, SETTINGS), SETTINGS)
    (stuck,) = (variant for variant in solutions.wrong if variant.name.endswith(case.wrong))
    answers = {**solutions.reference.answers, **stuck.answers}
    assert outcomes(laboratory, answers, case.stuck) == {Outcome.FAILED: REPEATS}
