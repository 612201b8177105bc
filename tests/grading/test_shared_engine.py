"""The engine that a process keeps from one submission to the next."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.grading.engine import shared_engine
from autograder.kernels import Budget
from autograder.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A course with two assignments that need the same, and one that needs a server."""
    for slug, text in {"sums": "import numpy", "means": "import numpy", "web": "flask"}.items():
        (tmp_path / "source" / slug).mkdir(parents=True)
        (tmp_path / "source" / slug / f"{slug}.ipynb").write_text(text)
    return load_settings(tmp_path)


def test_assignments_that_need_the_same_share_it_and_the_next_takes_its_place(
    settings: Settings,
) -> None:
    engine = shared_engine(settings, "sums")
    engine.launch(0, {}, Budget(60))
    parent = engine._parent
    assert parent is not None
    assert shared_engine(settings, "means") is engine
    assert parent.is_alive
    assert shared_engine(settings, "web") is not engine
    assert not parent.is_alive


def test_process_that_is_forked_makes_its_own(settings: Settings) -> None:
    engine = shared_engine(settings, "sums")
    engine.launch(0, {}, Budget(60))
    parent = engine._parent
    assert parent is not None
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            own = shared_engine(settings, "sums")
            status = int(own is engine or engine._parent is not None)
            engine.close()  # what it does not have it cannot end
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert shared_engine(settings, "sums") is engine
    assert engine._parent is parent
    parent.clean()  # it still answers
