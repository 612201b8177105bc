"""What a grader that was ended leaves behind: the next one removes it, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import WarmParent, choose_confinement
from autograder.sandbox.cgroup import _parents_v1, _parents_v2
from autograder.sandbox.ownership import owned_by_me, ownerless, remove_trees

GRADER = """
from autograder.sandbox import WarmParent, choose_confinement
from autograder.termination import end_when_told
end_when_told()
with WarmParent(choose_confinement(), preload=()) as parent:
    print(parent._host_scratch, flush=True)
    input()
"""
PREFIX = "thing-"
LISTENS = """
import signal
from autograder.kernels.serving import Listener
listener = Listener()
print(listener.path, flush=True)
signal.pause()
"""


def things(folders: Iterable[Path], pid: int) -> set[Path]:
    """Return what one process has made; other graders may be at work on this machine."""
    found = (path for folder in folders for path in folder.glob("autograder-*-*-*-*"))
    return {path for path in found if int(path.name.split("-")[2], 16) == pid}


def test_next_grader_removes_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    places = (tmp_path, *_parents_v1(), *_parents_v2())
    before = things(places, os.getpid())
    with WarmParent(choose_confinement(), preload=()) as alive:
        ours = things(places, os.getpid())
        grader = subprocess.Popen(
            [sys.executable, "-c", GRADER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert grader.stdout is not None
        left = Path(grader.stdout.readline().decode().strip())
        (left / "deep").mkdir()
        tree = psutil.Process(grader.pid).children(recursive=True)
        grader.send_signal(signal.SIGKILL)
        grader.communicate()
        assert not psutil.wait_procs(tree, timeout=10)[1]
        assert {left, left.with_suffix(".log")} <= things(places, grader.pid)
        with WarmParent(choose_confinement(), preload=()):
            pass
        assert things(places, grader.pid) == set()
        assert things(places, os.getpid()) == ours
        assert alive.is_alive
    assert things(places, os.getpid()) == before


def test_socket_of_a_killed_server_test_is_removed_by_the_next_grader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory(prefix="t") as folder:  # the name of a socket must be short
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        grader = subprocess.Popen([sys.executable, "-c", LISTENS], stdout=subprocess.PIPE)
        assert grader.stdout is not None
        path = Path(grader.stdout.readline().decode().strip())
        grader.kill()
        grader.communicate()
        assert path.is_socket()
        with WarmParent(choose_confinement(), preload=()):
            pass
        assert not path.parent.exists()


def test_grader_that_is_told_to_end_leaves_nothing() -> None:
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert grader.stdout is not None
    left = Path(grader.stdout.readline().decode().strip())
    assert left.exists()
    grader.send_signal(signal.SIGTERM)
    grader.communicate()
    assert grader.returncode == 128 + signal.SIGTERM
    assert not left.exists()
    assert not left.with_suffix(".log").exists()


def test_only_what_belongs_to_nobody_any_more_is_ownerless(tmp_path: Path) -> None:
    mine = owned_by_me()
    namespace, pid, began = mine.split("-")
    gone = [f"{namespace}-{pid}-{int(began, 16) - 1:x}-a", f"{namespace}-3fffff-{began}-b.log"]
    kept = [f"{mine}-c", f"1{namespace}-3fffff-{began}-d", "", "e", "1-2", "x-y-z", "1-2-3g-f"]
    for name in (*gone, *kept):
        (tmp_path / f"{PREFIX}{name}").mkdir()
    assert {path.name.removeprefix(PREFIX) for path in ownerless(tmp_path, PREFIX)} == set(gone)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_things_of_other_users_are_left_alone(tmp_path: Path) -> None:
    namespace, _, began = owned_by_me().split("-")
    theirs = tmp_path / f"{PREFIX}{namespace}-3fffff-{began}-a"
    theirs.mkdir()
    os.chown(theirs, 12345, 12345)
    assert list(ownerless(tmp_path, PREFIX)) == []


def test_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    remove_trees([tmp_path / "link"])
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
