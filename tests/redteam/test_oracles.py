"""Every oracle sees what it is for, and says nothing where there is nothing."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.redteam.attack import Aim, Attack, Header, Part
from autograder.redteam.canaries import Canaries, holds
from autograder.redteam.ground import LIMITS, Ground
from autograder.redteam.listeners import Listeners
from autograder.redteam.markup import active_parts
from autograder.redteam.oracles import Scene, judge
from autograder.redteam.watch import Usage, Watch, end_marked, marked_processes
from autograder.settings import Settings

HONEST = "<html><head><script>known()</script></head><body><p>text</p></body></html>"


class _Ground(Ground):
    @property
    def settings(self) -> Settings:
        return Settings(**LIMITS)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """An attack of which nothing came."""
    header = Header(catalogue="reading: a file", layers=("view",), aim=Aim.CANARY)
    attack = Attack(
        name="mine", family="own", about="", header=header, parts=(Part(kind="cell", text="1"),)
    )
    ground = _Ground(tmp_path, "lab", "lab", ("f",), Canaries("nonce"))
    board: dict[str, dict[str, Any]] = {
        "rt-mine": {"t1": (0.0, None, 4.0)},
        "ada": {"t1": (4.0, None, 4.0)},
    }
    return Scene(
        attack,
        ground,
        "rtmark",
        baseline={"t1": (0.0, None, 4.0)},
        honest_page=HONEST,
        boards=(board, {name: dict(cells) for name, cells in board.items()}),
        pages=[("lab.html", HONEST), ("the log", "text")],
        shown=[("lab.html", b"text")],
    )


def _mark(scene: Scene, **change: Any) -> None:
    scene.boards[1]["rt-mine"]["t1"] = (4.0, None, 4.0)


PLANTED: list[tuple[Aim, Callable[[Scene], object]]] = [
    (Aim.MARKS, _mark),
    (Aim.MARKS, lambda s: s.boards[1]["rt-mine"].update(t1=(0.0, None, 99.0))),
    (Aim.MARKS, lambda s: s.boards[1]["rt-mine"].update(extra=(50.0, None, 50.0))),
    (Aim.CANARY, lambda s: s.shown.append(("a.html", s.ground.canaries.at("x").encode()))),
    (Aim.CANARY, lambda s: s.shown_next.append(("a.html", s.ground.canaries.at("x").encode()))),
    (Aim.LEFT, lambda s: s.shown_next.append(("lab.ipynb", b"found: rtmark"))),
    (Aim.NEIGHBOUR, lambda s: s.boards[1]["ada"].update(t1=(0.0, None, 4.0))),
    (Aim.NEIGHBOUR, lambda s: s.boards[1].pop("ada")),
    (Aim.FILE, lambda s: s.files[1].update({"/x": (1,)})),
    (Aim.FILE, lambda s: s.files[0].update({"/x": (1,)})),
    (Aim.PACKET, lambda s: s.heard.append("tcp: hello")),
    (Aim.PROCESS, lambda s: s.processes.append("process 7")),
    (Aim.PROCESSES, lambda s: setattr(s, "usage", Usage(processes=200))),
    (Aim.MEMORY, lambda s: setattr(s, "usage", Usage(memory_bytes=2 << 30))),
    (Aim.TIME, lambda s: setattr(s, "seconds", 90.0)),
    (Aim.MARKUP, lambda s: s.pages.append(("a.html", "<script>alert(1)</script>"))),
    (Aim.MARKUP, lambda s: s.pages.append(("the log", "\x1b[2J"))),
    (Aim.BATCH, lambda s: setattr(s, "broken", "the grading process ended")),
]


@pytest.mark.parametrize(("kind", "plant"), PLANTED)
def test_oracle_sees_what_was_planted_and_nothing_else(
    scene: Scene, kind: Aim, plant: Callable[[Scene], object]
) -> None:
    assert judge(scene) == []
    plant(scene)
    assert {item.kind for item in judge(scene)} == {kind}


def test_files_beyond_the_scratch_are_seen_where_disk_is_the_aim(scene: Scene) -> None:
    header = scene.attack.header.model_copy(update={"aim": Aim.DISK})
    scene.attack = scene.attack.model_copy(update={"header": header})
    scene.usage = Usage(memory_bytes=1 << 30)
    assert [item.kind for item in judge(scene)] == [Aim.DISK]


def test_what_an_honest_student_is_shown_too_is_no_leak(scene: Scene) -> None:
    leak = scene.ground.canaries.at("a hidden test").encode()
    scene.honest_leaks[".html"] = scene.ground.canaries.found_in(leak)
    scene.shown.append(("lab.html", leak))
    assert judge(scene) == []
    scene.shown.append(("more.html", leak * 2))
    assert [item.kind for item in judge(scene)] == [Aim.CANARY]


def test_score_taken_by_hand_counts_as_a_change(scene: Scene) -> None:
    scene.boards[1]["rt-mine"]["t1"] = (0.0, 4.0, 4.0)
    assert [item.kind for item in judge(scene)] == [Aim.MARKS]


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
def test_canary_is_found_in_common_encodings(before: bytes) -> None:
    text = Canaries("n").at("place")
    data = before + text.encode() + b" and more"
    for form in (data, data[::-1], data.hex().encode(), base64.b64encode(data)):
        assert holds(form, text)
    assert holds(data.decode().encode("utf-16-le"), text)
    assert not holds(data.replace(b"c", b"d"), text)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href=" jav&#x0A;ascript:alert(1)">x</a>',
        "<svg onload=alert(1)></svg>",
        '<iframe srcdoc="x"></iframe>',
        '<img src="https://evil.invalid/x.png">',
        '<div style="position:fixed">x</div>',
        '<meta http-equiv="refresh" content="0;url=//evil.invalid">',
        "</p></body></html><script>alert(1)</script>",
        "<script>known()</script><script>known() </script>",
    ],
)
def test_active_markup_is_found(markup: str) -> None:
    assert list(active_parts(HONEST.replace("text", markup), HONEST))


@pytest.mark.parametrize("markup", ["<b>bold</b>", '<a href="https://numpy.org">x</a>', "a &lt; b"])
def test_harmless_markup_is_left_alone(markup: str) -> None:
    assert not list(active_parts(HONEST.replace("text", markup), HONEST))


def test_title_of_the_page_may_change_and_another_title_is_found() -> None:
    titled = HONEST.replace("<head>", "<head><title>lab</title>")
    marked = titled.replace("lab", "lab, provisional: 1 cell without a mark, counted as 0")
    assert not list(active_parts(marked, titled))
    assert list(active_parts(marked.replace("text", "<title>mine</title>"), titled))


def test_listeners_hear_every_kind_of_message(tmp_path: Path) -> None:
    with Listeners(tmp_path, "test") as listeners:
        places = listeners.addresses()
        for kind in ("tcp", "udp"):
            sort = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
            with socket.socket(socket.AF_INET, sort) as sender:
                sender.connect(("127.0.0.1", places[kind]))
                sender.send(b"hello")
        for kind in ("path", "abstract"):
            with socket.socket(socket.AF_UNIX) as sender:
                sender.connect(places[kind])
        heard: list[str] = []
        end = time.monotonic() + 10
        while len(heard) < 4 and time.monotonic() < end:
            time.sleep(0.02)
            heard += listeners.take()
    assert sorted(text.split(":")[0] for text in heard) == ["abstract", "path", "tcp", "udp"]
    assert not (tmp_path / "listener").exists() or len(heard) == 4


def test_marked_process_is_seen_and_ended() -> None:
    mark = f"rt{os.getpid()}mark"
    sleeper = subprocess.Popen(
        [mark, "-c", "import time; time.sleep(60)"], executable=sys.executable
    )
    try:
        assert len(list(marked_processes(mark))) == 1
        end_marked(mark)
        assert sleeper.wait(timeout=10) != 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            sleeper.kill()
    assert not list(marked_processes(mark))


def test_watch_sees_processes_and_their_memory() -> None:
    code = "import time; held = bytearray(b'x') * (200 << 20); time.sleep(2)"
    with Watch(os.getpid(), memory=True) as watch:
        subprocess.run([sys.executable, "-c", code], check=True)
    assert watch.usage.processes >= 1
    assert watch.usage.memory_bytes > 150 << 20
