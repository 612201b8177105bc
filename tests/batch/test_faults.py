"""Whatever is killed, locked or full: no mark is lost, doubled or wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from nbgrader.api import MissingEntry

from autograder.batch import Course, check_assignment, open_course, rehearse
from autograder.batch.journal import Journal, State
from autograder.batch.lock import only_run
from autograder.batch.marked import Marked
from autograder.batch.staging import StagedAutograde
from autograder.batch.writer import Writer
from autograder.errors import UserError
from autograder.outcomes import Outcome

from .conftest import HAND_INS, SLUG, hand_in
from .test_grade import Silent, grade, rows, run

_PROCESS = Path(__file__).with_name("batch_process.py")


def start(course: Course) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(_PROCESS), str(course.root), SLUG],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]


@contextlib.contextmanager
def open_formgrader(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> Iterator[sqlite3.Connection]:
    """Give another program's connection to the gradebook; no writer waits long for it."""
    monkeypatch.setattr("autograder.batch.gradebook.LOCK_PATIENCE_S", 0.2)
    connection = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    yield connection
    connection.execute("ROLLBACK")
    connection.close()


@pytest.fixture(scope="module")
def undisturbed(copy_course: Callable[[], Course]) -> dict[tuple[str, str], tuple[object, ...]]:
    course = copy_course()
    grade(course)
    return rows(course)


def test_coordinator_killed_after_its_first_mark_goes_on_from_there(
    copy_course: Callable[[], Course], undisturbed: dict[tuple[str, str], tuple[object, ...]]
) -> None:
    course = copy_course()
    process = start(course)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.endswith("True\n"), line
    relatives = family(process)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(relatives, timeout=30)
    assert not alive, "a killed coordinator left processes behind"
    done = grade(course)
    assert not done[line.split()[0]].is_new
    assert done.keys() == set(HAND_INS)
    assert rows(course) == undisturbed


def test_lost_warm_parent_and_lost_worker_cost_no_mark(
    copy_course: Callable[[], Course], undisturbed: dict[tuple[str, str], tuple[object, ...]]
) -> None:
    class Killing(Silent):
        """Kills all that this process has started, once."""

        killed = 0

        def started(self, student: str) -> None:
            if not self.killed:
                for child in psutil.Process().children(recursive=True):
                    with contextlib.suppress(psutil.Error):
                        if "resource_tracker" not in " ".join(child.cmdline()):
                            child.kill()
                            self.killed += 1

    course, watcher = copy_course(), Killing()
    batch = run(course, watcher=watcher)
    assert watcher.killed >= 2
    assert {name: item.result.outcome for name, item in batch.graded.items()} == {
        name: item.result.outcome for name, item in grade(course).items()
    }
    assert rows(course) == undisturbed


def test_gradebook_that_is_locked_for_long_gets_its_marks_later(
    copy_course: Callable[[], Course],
    undisturbed: dict[tuple[str, str], tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = copy_course()
    with open_formgrader(course, monkeypatch) as formgrader:

        class Locking(Silent):
            """Locks the gradebook as soon as grading has begun."""

            def started(self, student: str) -> None:
                if not formgrader.in_transaction:
                    formgrader.execute("BEGIN IMMEDIATE")

        batch = run(course, watcher=Locking())
        assert batch.unsaved
        assert not set(batch.unsaved) & set(batch.graded)
        with Journal(course.root) as journal:
            states = {name: entry.state for name, entry in journal.entries(SLUG).items()}
        assert {states[name] for name in batch.unsaved} == {State.GRADED}
    again = run(course)
    assert set(again.graded) == set(HAND_INS)
    assert rows(course) == undisturbed


def test_second_batch_is_refused_while_the_first_runs(copy_course: Callable[[], Course]) -> None:
    course = copy_course()
    with (
        only_run(course.root, SLUG),
        pytest.raises(UserError, match=f"graded already, by process {os.getpid()}"),
    ):
        grade(course)
    assert set(grade(course, "right")) == {"right"}


def test_asking_whether_a_run_goes_on_keeps_none_from_beginning(
    copy_course: Callable[[], Course],
) -> None:
    root = copy_course().root
    with only_run(root, SLUG):
        pass
    asker = FileLock(root / ".autograder" / f"{SLUG}.lock", thread_local=False)
    asker.acquire()
    threading.Timer(0.3, asker.release, [True]).start()
    with only_run(root, SLUG):
        assert not asker.is_locked


def test_full_disk_of_a_worker_stops_the_run_and_takes_no_mark_away(
    copy_course: Callable[[], Course],
    undisturbed: dict[tuple[str, str], tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = copy_course()
    grade(course)

    def write(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(StagedAutograde, "write_single_notebook", write)
        with pytest.raises(UserError, match=r"stopped: .*No space left"):
            run(course, rerun=True)
    assert rows(course) == undisturbed
    grade(course)
    assert rows(course) == undisturbed


def test_our_own_fault_is_told_without_what_the_log_quotes(
    copy_course: Callable[[], Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = copy_course()

    def write(*_: object) -> None:
        raise RuntimeError("assert answer(17) == 42")

    monkeypatch.setattr(StagedAutograde, "write_single_notebook", write)
    item = grade(course, "right")["right"]
    assert item.result.outcome is Outcome.NOT_GRADED
    comments = [row[2] for row in rows(course).values() if row[2]]
    assert any("not your fault" in str(comment) for comment in comments)
    assert "answer(17)" not in f"{comments} {item.result}"
    log = check_assignment(course, SLUG).log_path.read_text()
    assert "answer(17)" in log


def test_submission_that_cannot_be_saved_stops_no_other(
    copy_course: Callable[[], Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    course = copy_course()
    save = Writer.save

    def stumble(writer: Writer, marked: Marked) -> None:
        if marked.student == "right":
            raise MissingEntry("No such student: right")
        save(writer, marked)

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "save", stumble)
        for _ in range(2):  # the next run meets it again
            graded = grade(course)
            assert set(graded) == set(HAND_INS)
            assert graded["right"].result.outcome is Outcome.NOT_GRADED
            assert "No such student" in graded["right"].result.damaged
            assert graded["wrong"].result.outcome is Outcome.FAILED
    again = grade(course)["right"]
    assert again.is_new
    assert again.result.outcome is Outcome.PASSED


@pytest.mark.parametrize("name", ["righ[t]", "<img src=x>", os.fsdecode(b"J\xf6rg")])
def test_name_that_is_no_id_is_named_and_enters_nothing(
    copy_course: Callable[[], Course], name: str
) -> None:
    course = copy_course()
    hand_in(course.root, name, b"{not json")
    graded = grade(course, name, "right")
    assert "no student's id" in graded[name].result.damaged
    assert graded["right"].result.outcome is Outcome.PASSED
    assert {student for student, _ in rows(course)} == {"right"}


def test_rehearsal_leaves_marks_alone_that_wait_to_be_saved(
    copy_course: Callable[[], Course],
    undisturbed: dict[tuple[str, str], tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = copy_course()
    with open_formgrader(course, monkeypatch) as formgrader:
        formgrader.execute("BEGIN IMMEDIATE")
        batch = run(course, "right", "wrong")
    assert set(batch.unsaved) == {"right", "wrong"}
    others = course.root / ".autograder" / "rehearsal" / "b2_rehearsed_meanwhile"
    others.mkdir(parents=True)
    watch = contextlib.nullcontext(Silent())
    assert len(rehearse(check_assignment(course, SLUG), ["right"], lambda _: watch, jobs=1)) == 1
    for test in (course.root / "graders" / SLUG).glob("test_*.py"):
        test.write_text("raise SystemExit\n")  # whoever was graded again would show it
    grade(course, "right", "wrong")
    mine = {key: row for key, row in undisturbed.items() if key[0] in ("right", "wrong")}
    assert rows(course) == mine
    assert [path.name for path in others.parent.iterdir()] == [others.name]


def test_full_disk_stops_with_a_sentence_and_loses_nothing(
    copy_course: Callable[[], Course], undisturbed: dict[tuple[str, str], tuple[object, ...]]
) -> None:
    course = copy_course()
    grade(course, "right")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (course.root / "gradebook.db").stat().st_size

    class Filling(Silent):
        """From here on no file grows beyond the size of the gradebook."""

        def started(self, student: str) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, hard))

    try:
        with pytest.raises(UserError, match="stopped"):
            run(course, watcher=Filling())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not grade(course)["right"].is_new
    assert rows(course) == undisturbed


def test_jumping_clock_changes_nothing(
    copy_course: Callable[[], Course],
    undisturbed: dict[tuple[str, str], tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, jumps = time.time, random.Random(0)
    monkeypatch.setattr(time, "time", lambda: real() + jumps.uniform(-1e8, 1e8))
    course = copy_course()
    assert all(item.is_new for item in grade(course).values())
    assert not any(item.is_new for item in grade(course).values())
    assert rows(course) == undisturbed


def test_changed_hand_in_is_graded_again_and_others_are_not(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    grade(course, "right", "wrong")
    submitted = course.root / "submitted"
    shutil.copy(submitted / "right" / SLUG / f"{SLUG}.ipynb", submitted / "wrong" / SLUG)
    done = grade(course, "right", "wrong")
    assert not done["right"].is_new
    assert done["wrong"].is_new
    assert done["wrong"].result.outcome is Outcome.PASSED


def test_marks_of_an_older_grader_are_kept_and_called_stale(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    grade(course, "right")
    (test,) = (course.root / "graders" / SLUG).glob("test_*.py")
    test.write_text(test.read_text() + "\n# another edition\n")
    item = grade(course, "right")["right"]
    assert not item.is_new
    assert item.is_stale


@pytest.mark.proof
@pytest.mark.timeout(7200)
def test_kills_at_random_moments_lose_nothing(
    copy_course: Callable[[], Course], undisturbed: dict[tuple[str, str], tuple[object, ...]]
) -> None:
    """Kill coordinator, workers and sandboxes, AUTOGRADER_TEST_KILLS times or else 25."""
    kills, chance = int(os.environ.get("AUTOGRADER_TEST_KILLS", "25")), random.Random(1)
    killed = {"coordinator": 0, "others": 0}
    while sum(killed.values()) < kills:
        course = open_course(copy_course().root)
        for _ in range(8):
            process = start(course)
            drain = threading.Thread(target=process.communicate, daemon=True)
            drain.start()
            with contextlib.suppress(psutil.Error):
                while process.poll() is None and len(family(process)) == 1:
                    time.sleep(0.05)  # a kill before there is a worker would show nothing
                while process.poll() is None:
                    time.sleep(chance.uniform(0.1, 4.0))
                    victims = family(process)
                    victim = (
                        victims[0]
                        if chance.random() < 0.3
                        else chance.choice(victims[1:] or victims)
                    )
                    killed["coordinator" if victim is victims[0] else "others"] += 1
                    victim.kill()
            process.wait()
        grade(course)
        assert rows(course) == undisturbed, killed
        shutil.rmtree(course.root)
    assert min(killed.values()) > 0


def test_students_who_submitted_are_all_in_the_journal(copy_course: Callable[[], Course]) -> None:
    course = copy_course()
    grade(course)
    with Journal(course.root) as journal:
        entries = journal.entries(SLUG)
        began = journal.last_run(SLUG)
    assert set(entries) == set(check_assignment(course, SLUG).students())
    assert {entry.state for entry in entries.values()} == {State.SAVED}
    assert began is not None
    assert began[1] is not None
