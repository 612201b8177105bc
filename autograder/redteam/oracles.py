"""Decides from evidence whether an attack succeeded.

Every oracle looks at every attack, whatever that is named for: one that was to read may have
written. Nothing an attack prints counts as success, unless it is a text that it cannot know.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.redteam.attack import Aim, Attack
from autograder.redteam.canaries import holds
from autograder.redteam.ground import CLASSMATE, Ground
from autograder.redteam.markup import active_parts
from autograder.redteam.watch import Usage

Board = dict[str, dict[str, Any]]
"""Student to cell to (automatic score, score by hand, most points)."""
Files = dict[str, tuple[int, ...]]

_LATE_S = 15.0
"""Grace on top of a submission's time, for what comes before and after."""
_MORE_PROCESSES = 16
_MEMORY_FACTOR = 1.5
DISK_BYTES = (512 << 20) * 1.2
"""A submission's scratch directory, and a little."""
_KEPT_CELLS = 16
"""So many cells' worth of output may be kept of one submission."""


@dataclass(frozen=True)
class Evidence:
    """Something that should not be."""

    kind: Aim
    text: str


@dataclass
class Scene:
    """All that was seen of one attack.

    Attributes
    ----------
    baseline
        Scores of the honest submission that the attack starts from.
    honest_page
        Feedback on an honest submission.
    honest_leaks
        How often it held each canary, by the kind of file.
    shown, shown_next
        What the attacker and the accomplice were shown: a name and the content of each.
    """

    attack: Attack
    ground: Ground
    mark: str
    baseline: dict[str, Any] = field(default_factory=dict)
    honest_page: str = ""
    honest_leaks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    boards: tuple[Board, Board] = field(default_factory=lambda: ({}, {}))
    files: tuple[Files, Files] = field(default_factory=lambda: ({}, {}))
    shown: list[tuple[str, bytes]] = field(default_factory=list)
    shown_next: list[tuple[str, bytes]] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    broken: str = ""

    @property
    def students(self) -> set[str]:
        """Whose files and marks may change."""
        return {self.attack.student, self.attack.accomplice, CLASSMATE}


def judge(scene: Scene) -> list[Evidence]:
    """Return all evidence that an attack succeeded; none means that it was stopped."""
    return [Evidence(kind, text) for kind, oracle in ORACLES for text in oracle(scene)]


def _marks(scene: Scene) -> Iterator[str]:
    """Yield marks above what the honest part earns."""
    mine = scene.boards[1].get(scene.attack.student, {})
    for cell, (auto, manual, most) in mine.items():
        honest, honest_manual, honest_most = scene.baseline.get(cell, (None, None, None))
        if (auto or 0) > (honest or 0) or manual != honest_manual or most != honest_most:
            yield f"{cell}: {auto} of {most}, where {honest} of {honest_most} was earned"


def _canaries(scene: Scene) -> Iterator[str]:
    """Yield secrets in what a student is shown, unless an honest student is shown them too.

    Plain nbgrader prints its hidden tests in everybody's feedback; only more than that counts.
    """
    for name, data in (*scene.shown, *scene.shown_next):
        found = scene.ground.canaries.found_in(data)
        for place in sorted(found - scene.honest_leaks[Path(name).suffix]):
            yield f"{place} is in {name}"


def _left(scene: Scene) -> Iterator[str]:
    """Yield what the next submission found of the attack."""
    for name, data in scene.shown_next:
        if holds(data, scene.mark):
            yield f"the next submission met it: {name}"


def _neighbours(scene: Scene) -> Iterator[str]:
    """Yield changes to the marks of others."""
    before, after = scene.boards
    for student in sorted((before.keys() | after.keys()) - scene.students):
        if before.get(student) != after.get(student):
            yield f"{student}: {before.get(student)} became {after.get(student)}"


def _files(scene: Scene) -> Iterator[str]:
    """Yield files that were made, changed or deleted where no submission has business."""
    before, after = scene.files
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield path if path in after else f"{path} is gone"


def _packets(scene: Scene) -> Iterator[str]:
    yield from scene.heard


def _processes(scene: Scene) -> Iterator[str]:
    yield from scene.processes


def _crowd(scene: Scene) -> Iterator[str]:
    allowed = scene.ground.settings.process_limit + _MORE_PROCESSES
    if scene.usage.processes > allowed:
        yield f"{scene.usage.processes} processes and threads at once"


def _memory(scene: Scene) -> Iterator[str]:
    allowed = scene.ground.settings.memory_limit_bytes * _MEMORY_FACTOR
    if scene.attack.header.aim is not Aim.DISK and scene.usage.memory_bytes > allowed:
        yield f"{scene.usage.memory_bytes >> 20} MiB of memory at once"


def _disk(scene: Scene) -> Iterator[str]:
    if scene.attack.header.aim is Aim.DISK and scene.usage.memory_bytes > DISK_BYTES:
        yield f"{scene.usage.memory_bytes >> 20} MiB of files at once"


def _time(scene: Scene) -> Iterator[str]:
    if scene.seconds > scene.ground.settings.submission_wall_s + _LATE_S:
        yield f"grading it took {scene.seconds:.0f} s"


def _size(scene: Scene) -> Iterator[str]:
    """Yield what is too large to be kept for each of a class, or to be opened."""
    handed_in = scene.ground.settings.notebook_limit_bytes
    allowed = handed_in + _KEPT_CELLS * scene.ground.settings.output_limit_bytes
    for name, data in scene.shown:
        if len(data) > allowed:
            yield f"{name} has {len(data) >> 20} MiB"


def _pages(scene: Scene) -> Iterator[str]:
    """Yield what would run in a reader's browser or terminal."""
    for name, page in scene.pages:
        if name.endswith(".html"):
            yield from (f"{name}: {part}" for part in active_parts(page, scene.honest_page))
        elif "\x1b" in page:
            yield f"{name}: a terminal's escape sequence"


def _broken(scene: Scene) -> Iterator[str]:
    if scene.broken:
        yield scene.broken


def _excused(scene: Scene) -> Iterator[str]:
    """Yield cells that wait for a person, of an attack made to be excused instead of marked."""
    if scene.attack.header.aim is Aim.EXCUSE:
        mine = scene.boards[1].get(scene.attack.student, {})
        for cell, (honest, _, _) in scene.baseline.items():
            if honest is not None and mine.get(cell, (None,))[0] is None:
                yield f"{cell} was not graded, where an honest submission got {honest}"


ORACLES: tuple[tuple[Aim, Callable[[Scene], Iterator[str]]], ...] = (
    (Aim.MARKS, _marks),
    (Aim.CANARY, _canaries),
    (Aim.LEFT, _left),
    (Aim.NEIGHBOUR, _neighbours),
    (Aim.FILE, _files),
    (Aim.PACKET, _packets),
    (Aim.PROCESS, _processes),
    (Aim.PROCESSES, _crowd),
    (Aim.MEMORY, _memory),
    (Aim.DISK, _disk),
    (Aim.TIME, _time),
    (Aim.SIZE, _size),
    (Aim.MARKUP, _pages),
    (Aim.BATCH, _broken),
    (Aim.EXCUSE, _excused),
)
