"""Runs the attacks, one submission after another, and reports what came of them."""

from __future__ import annotations

import contextlib
import copy
import functools
import json
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

from autograder.errors import UserError
from autograder.redteam.attack import Aim, Attack
from autograder.redteam.ground import NEIGHBOUR, SLUG, Ground, build_ground, snapshot
from autograder.redteam.handing_in import hand_in, hand_in_accomplice, is_answer
from autograder.redteam.listeners import Listeners
from autograder.redteam.machine import SharedMemory, own_prefix
from autograder.redteam.oracles import Evidence, Scene, judge
from autograder.redteam.watch import Watch, end_marked, marked_processes
from autograder.redteam.worker import CANARY_VARIABLE
from autograder.settings import Settings

HONEST_EMPTY = "honest-empty"
_START_S = 120.0
_LITTER = (
    "/tmp/left-behind.txt", "/tmp/left_behind.py", "/tmp/started", "/tmp/calls.txt",
    "/var/tmp/left-behind.txt", "/dev/shm/left-behind.txt",
)  # fmt: skip
"""What attacks write into folders of the machine where nothing hides those from them."""
_MEASURED = {Aim.MEMORY, Aim.DISK}


@dataclass(frozen=True)
class Verdict:
    """What came of one attack.

    Attributes
    ----------
    evidence
        What should not be. Of an honest twin: what it was accused of, or lost.
    """

    attack: Attack
    evidence: tuple[Evidence, ...] = ()
    seconds: float = 0.0
    skipped: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether the attack got what it must not get; of a twin, whether it was wronged."""
        return bool(self.evidence)


@dataclass
class Report:
    """What came of all attacks on one machine, as one user."""

    tier: str
    verdicts: list[Verdict] = field(default_factory=list)
    elapsed_s: float = 0.0

    @property
    def attacks(self) -> list[Verdict]:
        """The verdicts on attacks."""
        return [verdict for verdict in self.verdicts if not verdict.attack.header.twin]

    @property
    def succeeded(self) -> list[Verdict]:
        """The attacks that succeeded."""
        return [verdict for verdict in self.attacks if verdict.succeeded]

    @property
    def wronged(self) -> list[Verdict]:
        """The honest twins that were taken for attacks, or lost marks."""
        return [v for v in self.verdicts if v.attack.header.twin and v.succeeded]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "tier": self.tier,
            "attacks": len(self.attacks),
            "succeeded": [verdict.attack.name for verdict in self.succeeded],
            "twins": len(self.verdicts) - len(self.attacks),
            "wronged": [verdict.attack.name for verdict in self.wronged],
            "elapsed_s": round(self.elapsed_s, 1),
            "verdicts": [_verdict_json(verdict) for verdict in self.verdicts],
        }


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    header = verdict.attack.header
    return {
        "name": verdict.attack.name,
        "family": verdict.attack.family,
        "catalogue": header.catalogue,
        "layers": list(header.layers),
        "twin": header.twin,
        "succeeded": verdict.succeeded,
        "skipped": verdict.skipped,
        "seconds": round(verdict.seconds, 2),
        "evidence": [{"kind": item.kind, "text": item.text} for item in verdict.evidence],
    }


def run_redteam(
    attacks: Sequence[Attack],
    watcher: Callable[[Verdict], None] = lambda verdict: None,
    *,
    theirs: Settings | None = None,
    slug: str = SLUG,
    weaknesses: Sequence[str] = (),
) -> Report:
    """Attack a throw-away course; it is gone afterwards.

    Parameters
    ----------
    watcher
        Told each verdict as soon as it is there.
    theirs, slug
        An instructor's settings and assignment, of which a copy is attacked.
    weaknesses
        Functions ``FILE.py:function:argument`` that take a layer away in the grading process.

    Raises
    ------
    UserError
        If the assignment is not valid, or this machine cannot grade.
    """
    start = time.monotonic()
    nonce = secrets.token_hex(8)
    # Short, because a local socket's path has little room.
    litter = [path for path in _LITTER if not os.path.lexists(path)]  # never what was there before
    with tempfile.TemporaryDirectory(prefix=own_prefix(), ignore_cleanup_errors=True) as folder:
        ground = build_ground(Path(folder), nonce, theirs, slug)
        memory = SharedMemory(ground.canaries.at("shared memory of this machine"))
        listeners = Listeners(ground.outside, nonce)
        with memory, listeners, Worker(ground, weaknesses) as worker:
            field_ = Field(ground, listeners, worker, memory.addresses(), _solved(ground))
            field_.grade_honest()
            report = Report(worker.tier)
            for attack in attacks:
                report.verdicts.append(field_.attack(attack))
                watcher(report.verdicts[-1])
    for path in litter:
        with contextlib.suppress(OSError):
            Path(path).unlink()
    report.elapsed_s = time.monotonic() - start
    return report


class Grading(Protocol):
    """Whatever grades one submission and makes its feedback when asked."""

    @property
    def pid(self) -> int:
        """The process that grades."""

    def ask(self, order: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Carry out an order of :mod:`autograder.redteam.worker`, or raise WorkerLost."""


class WorkerLost(Exception):
    """The grading process ended or does not answer."""


class Worker:
    """The grading process; use it as a context manager. One that is lost is started anew."""

    def __init__(self, ground: Ground, weaknesses: Sequence[str] = ()) -> None:
        self._ground = ground
        self._command = [sys.executable, "-m", "autograder.redteam.worker"]
        told = ground.canaries.at("a command line")
        self._command += [str(ground.home), ground.slug, told, *weaknesses]
        self._log = (ground.root / "worker.log").open("ab")
        self.tier = ""
        self._start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, order: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Send an order; return the answer.

        Raises
        ------
        WorkerLost
            If none comes. A new process is there then.
        """
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        try:
            return self._answer(timeout_s)
        except WorkerLost:
            self._end()
            self._start()
            raise

    def _start(self) -> None:
        canaries = self._ground.canaries
        secret = canaries.at("the grading process")
        descriptor = os.open(self._ground.outside / "descriptor.txt", os.O_RDONLY)
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env={**os.environ, CANARY_VARIABLE: secret},
                pass_fds=[descriptor],
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
        self.tier = self._answer(_START_S)["tier"]

    def _answer(self, timeout_s: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], timeout_s)[0]:
            raise WorkerLost(f"the grading process did not answer for {timeout_s:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise WorkerLost(f"the grading process ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        self._end()
        self._log.close()


class Field:
    """Hands in attacks and collects what they leave."""

    def __init__(
        self,
        ground: Ground,
        listeners: Listeners,
        worker: Grading,
        planted: dict[str, Any],
        solved: dict[str, Any],
    ) -> None:
        self._ground = ground
        self._listeners = listeners
        self._addresses = {**listeners.addresses(), **planted}
        self._worker = worker
        self._patience_s = ground.settings.submission_wall_s * 2 + 60
        self._solved = solved

    def grade_honest(self) -> None:
        """Grade the neighbour, who has solved everything, and one who has done nothing."""
        for student, notebook in (
            (NEIGHBOUR, self._solved),
            (HONEST_EMPTY, self._ground.released),
        ):
            folder = self._ground.submitted(student)
            folder.mkdir(parents=True)
            notebook = copy.deepcopy(notebook)
            notebook["metadata"]["redteam"] = self._ground.canaries.at("another submission")
            path = folder / f"{self._ground.notebook}.ipynb"
            path.write_text(json.dumps(notebook), encoding="utf-8")
            self._grade(student)
        if not any(auto for auto, _, _ in self._ground.board().get(NEIGHBOUR, {}).values()):
            raise UserError(
                "The honest submission, which solves everything, got no points: where nothing is "
                "graded, no attack can succeed, and that would say nothing.",
                hint="`autograder doctor` tries what grading needs; then grade the solution with "
                "`autograder grade` and read why it is not graded.",
            )

    @functools.cached_property
    def _honest_page(self) -> str:
        """Feedback on an honest submission."""
        return next(page for name, page in self._pages(NEIGHBOUR) if name.endswith(".html"))

    @functools.cached_property
    def honest_leaks(self) -> dict[str, Counter[str]]:
        """How often each canary is in what an honest student is shown, by the kind of file."""
        leaks: dict[str, Counter[str]] = defaultdict(Counter)
        for name, data in self._ground.shown_to(HONEST_EMPTY):
            leaks[Path(name).suffix] += self._ground.canaries.found_in(data)
        return leaks

    def attack(self, attack: Attack) -> Verdict:
        """Grade one attack, and the accomplice after it."""
        mark = f"rt{secrets.token_hex(5)}"
        scene = Scene(attack, self._ground, mark)
        scene.honest_page, scene.honest_leaks = self._honest_page, self.honest_leaks
        try:
            evidence = self._watch(scene)
        finally:
            end_marked(mark)
        if attack.header.twin:
            evidence += _losses(scene)
        return Verdict(attack, tuple(evidence), scene.seconds)

    def _watch(self, scene: Scene) -> list[Evidence]:
        attack, ground = scene.attack, self._ground
        self._hand_in(scene)
        files, board = snapshot(ground, *scene.students), ground.board()
        base = NEIGHBOUR if attack.header.base == "solved" else HONEST_EMPTY
        scene.baseline = board[base]
        self._listeners.take()
        start = time.monotonic()
        try:
            with Watch(self._worker.pid, memory=attack.header.aim in _MEASURED) as watch:
                self._grade(attack.student)
            scene.usage = watch.usage
        except WorkerLost as lost:
            scene.broken = str(lost)
        scene.seconds = time.monotonic() - start
        scene.processes = list(marked_processes(scene.mark))
        if attack.of_kind("accomplice"):
            with contextlib.suppress(WorkerLost):
                self._grade(attack.accomplice)
            scene.shown_next = list(ground.shown_to(attack.accomplice))
        scene.heard = self._listeners.take()
        scene.files = files, snapshot(ground, *scene.students)
        scene.boards = board, ground.board()
        scene.shown = list(ground.shown_to(attack.student))
        scene.pages = list(self._pages(attack.student))
        return judge(scene)

    def _hand_in(self, scene: Scene) -> None:
        attack, ground = scene.attack, self._ground
        notebook = self._solved if attack.header.base == "solved" else ground.released
        card = ground.card(scene.mark, self._addresses, self._worker.pid)
        hand_in(attack, ground.submitted(attack.student), notebook, ground.notebook, card)
        if attack.of_kind("accomplice"):
            folder = ground.submitted(attack.accomplice)
            hand_in_accomplice(attack, folder, ground.released, ground.notebook, card)

    def _grade(self, student: str) -> None:
        self._worker.ask({"do": "grade", "student": student}, self._patience_s)
        self._worker.ask({"do": "feedback", "student": student}, self._patience_s)

    def _pages(self, student: str) -> Iterator[tuple[str, str]]:
        for path in (self._ground.home / "feedback" / student).rglob("*.html"):
            yield path.name, path.read_text(encoding="utf-8")
        log = self._ground.home / ".autograder" / "logs" / f"{self._ground.slug}.log"
        if log.exists():
            yield "the log", log.read_text(encoding="utf-8", errors="replace")


def _solved(ground: Ground) -> dict[str, Any]:
    """Return the notebook with every answer the reference's."""
    from autograder.authoring import load_assignment, load_solutions

    notebook, settings = ground.released, ground.settings
    answers = load_solutions(load_assignment(ground.slug, settings), settings).reference.answers
    for cell in notebook["cells"]:
        if is_answer(cell):
            task = cell["metadata"]["nbgrader"]["grade_id"].removesuffix("_answer")
            cell["source"] = answers[task]
    return notebook


def _losses(scene: Scene) -> Iterable[Evidence]:
    """Return what a twin lost against the honest submission that it equals."""
    mine = scene.boards[1].get(scene.attack.student, {})
    return [
        Evidence(Aim.MARKS, f"{cell}: {mine.get(cell)} for an honest {honest}")
        for cell, honest in scene.baseline.items()
        if mine.get(cell) != honest
    ]
