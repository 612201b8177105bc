"""Grading against its rivals, in one run on one machine: ``make bench``.

The light course (``benchmarks/light_course.py``) is graded by plain ``nbgrader autograde``, by two
of them at once on separate gradebooks, by Otter's local run where it is installed, and by
``autograder grade``, start-up included: all in turns, for some rounds, since a shared machine is
faster in one minute than in another. The marks are compared as well: a fast wrong grader is of no
interest. Then the class grows from 50 to 1,000, and the coordinator's memory is watched. Last,
finished notebooks of real assignments are graded, and compared with the CPU time that their cells
and hidden tests need by themselves (``benchmarks/own_work.py``), measured before and after.

    python benchmarks/overhead.py --rounds 3 --sizes 60,300 --growth 50,1000 --stock 20
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from autograder.contract import Kind as TaskKind
from autograder.contract import load_contract
from benchmarks.light_course import (
    SLUG,
    TASKS,
    Kind,
    expected_points,
    otter_test,
    plain_notebook,
    student_id,
    write_course,
)
from benchmarks.real_course import ROOT, write_real_course

_BIN = Path(sys.executable).parent
_BETWEEN_LOOKS_S = 0.1
_LOOKS_PER_WEIGHING = 20
"""To count the memory that is a process's own, the kernel walks through all of it."""
_OWN_RUNS = 2
"""Before grading, and as many after it."""
REACH = {"stock_60": 20.0, "stock_300": 30.0, "two_stock_300": 15.0, "otter_300": 90.0}
GROWTH_REACH = 1.1
OWN_REACH = 1.3
REAL = "a1_sgd_vs_adam,a2_backprop_by_hand,a3_grid_search"
MEMORY_REACH_MB = 50.0


@dataclass
class Run:
    """One grading of a class.

    Attributes
    ----------
    cpu_s
        CPU seconds of all its processes, as far as they were seen.
    peak_mb
        Memory that the coordinator shares with nobody, at most.
    """

    name: str
    submissions: int
    wall_s: float
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    marks: dict[str, dict[str, float | None]] = field(default_factory=dict)

    @property
    def each_s(self) -> float:
        """Seconds of wall time for each submission."""
        return self.wall_s / self.submissions

    def told(self) -> Run:
        """Say what was measured as soon as it is known: the whole takes half an hour."""
        print(f"{self.name}: {self.line()}", file=sys.stderr, flush=True)
        return self

    def line(self) -> str:
        """Return what was measured in one line."""
        return (
            f"{self.submissions:5} submissions {self.wall_s:8.1f} s"
            f" {1000 * self.each_s:8.1f} ms each {1000 * self.cpu_s / self.submissions:8.1f} ms CPU"
        )


class Meter:
    """Watches a process and all that descends from it."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self.cpu_s = 0.0
        self.memory_mb: list[float] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        for look in itertools.count():
            if self._over.wait(_BETWEEN_LOOKS_S):
                return
            with contextlib.suppress(psutil.Error):
                family = [self._root, *self._root.children(recursive=True)]
                self.cpu_s = max(self.cpu_s, sum(map(_cpu_s, family)))
                if look % _LOOKS_PER_WEIGHING == 0:
                    self.memory_mb.append(self._root.memory_full_info().uss / 2**20)

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()


def _cpu_s(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and of its children that have ended."""
    with contextlib.suppress(psutil.Error):
        return float(sum(process.cpu_times()[:4]))
    return 0.0


def measured(name: str, submissions: int, commands: Sequence[Sequence[str]], cwd: Path) -> Run:
    """Run commands at once, to the end of the last."""
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((cwd / f"{name}.log").open("w"))
        running = [
            subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        meters = [Meter(process.pid) for process in running]
        codes = [process.wait() for process in running]
        wall = time.monotonic() - began
        for meter in meters:
            meter.stop()
    if any(code not in (0, 1) for code in codes):
        raise SystemExit(f"{name} ended with {codes}; see {cwd / f'{name}.log'}")
    cpu = sum(meter.cpu_s for meter in meters)
    return Run(name, submissions, wall, cpu, max(meters[0].memory_mb, default=0.0)).told()


@contextlib.contextmanager
def course(kind: Kind, students: int, slug: str = SLUG) -> Iterator[Path]:
    """Give a course directory with a class that has handed in."""
    root = Path(tempfile.mkdtemp(prefix=f"bench-{kind}-"))
    try:
        if slug == SLUG:
            write_course(root, kind, students)
        else:
            write_real_course(root, slug, kind, students)
        _nbgrader(root, "generate_assignment", slug)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _nbgrader(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)


def stock(students: int) -> Run:
    """Grade with plain ``nbgrader autograde``."""
    with course("stock", students) as root:
        run = measured("stock", students, [_stock_command(root)], root)
        run.marks = gradebook_marks(root)
        return run


def two_stock(students: int) -> Run:
    """Grade with two of them, each on a copy of the course with half of the class."""
    with course("stock", students) as root:
        halves = [root / "half0", root / "half1"]
        for number, half in enumerate(halves):
            half.mkdir()
            for name in ("nbgrader_config.py", "gradebook.db", "source", "release"):
                source = root / name
                copy = shutil.copytree if source.is_dir() else shutil.copy
                copy(source, half / name)
            for index in range(number, students, 2):
                name = student_id(index)
                shutil.copytree(root / "submitted" / name, half / "submitted" / name)
        commands = [_stock_command(half) for half in halves]
        run = measured("two_stock", students, commands, root)
        run.marks = {**gradebook_marks(halves[0]), **gradebook_marks(halves[1])}
        return run


def _stock_command(root: Path, slug: str = SLUG) -> list[str]:
    return [
        *(sys.executable, "-m", "nbgrader", "autograde", slug),
        f"--CourseDirectory.root={root}",
        f"--config={root / 'nbgrader_config.py'}",
    ]


def ours(students: int, jobs: int, slug: str = SLUG) -> Run:
    """Grade with ``autograder grade``, sandbox on."""
    with course("autograder", students, slug) as root:
        command = [str(_BIN / "autograder"), "grade", slug, "--course", str(root)]
        run = measured("autograder", students, [[*command, "--jobs", str(jobs)]], root)
        run.marks = gradebook_marks(root, slug)
        return run


def real_assignment(slug: str, students: int, jobs: int) -> dict[str, float]:
    """Compare grading finished notebooks with what these need by themselves.

    ``overhead`` is wall time x processors over the CPU time of cells and hidden tests, ``busy`` the
    part of that in which the processors worked, and ``stock`` how many times longer one plain
    ``nbgrader autograde`` takes, which runs no hidden tests.
    """
    own_runs = [own_cpu_s(slug) for _ in range(_OWN_RUNS)]
    run = ours(students, jobs, slug)
    own_runs += [own_cpu_s(slug) for _ in range(_OWN_RUNS)]
    own = {part: statistics.median(run[part] for run in own_runs) for part in own_runs[0]}
    few = max(1, students // 6)
    with course("stock", few, slug) as root:
        rival = measured("stock", few, [_stock_command(root, slug)], root)
    demand_full_marks(run, slug)
    return {
        **{f"{part}_cpu_s": round(seconds, 3) for part, seconds in own.items()},
        "each_s": round(run.each_s, 3),
        "overhead": round(run.each_s * jobs / sum(own.values()), 3),
        "busy": round(run.cpu_s / (run.wall_s * jobs), 3),
        "stock": round(rival.each_s / run.each_s, 2),
        "reach": OWN_REACH,
    }


def own_cpu_s(slug: str) -> dict[str, float]:
    """Return the CPU seconds of cells and of hidden tests."""
    command = [sys.executable, "-m", "benchmarks.own_work", slug]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def otter(students: int, python: Path) -> Run:
    """Grade with Otter's local run, one submission after another, in its own environment."""
    root = Path(tempfile.mkdtemp(prefix="bench-otter-"))
    try:
        _otter_files(root, students)
        zipped = root / "autograder.zip"
        began = time.monotonic()
        marks = {}
        for number in range(students):
            out = root / f"out{number}"
            out.mkdir()
            command = [str(python), "-m", "otter", "run", str(root / f"{number}" / "light.ipynb")]
            command += ["-a", str(zipped), "-o", str(out)]
            done = subprocess.run(command, cwd=root, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"Otter ended with {done.returncode}: {done.stderr}")
            found = json.loads((out / "results.json").read_text(encoding="utf-8"))
            marks[student_id(number)] = {
                test["name"].split()[0]: float(test["score"])
                for test in found["tests"]
                if test["name"].split()[0] in {task.id for task in TASKS}
            }
        return Run("otter", students, time.monotonic() - began, marks=marks).told()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _otter_files(root: Path, students: int) -> None:
    tests = root / "tests"
    tests.mkdir()
    for task in TASKS:
        (tests / f"{task.id}.py").write_text(otter_test(task), encoding="utf-8")
    (root / "otter_config.json").write_text("{}", encoding="utf-8")
    archive = root / "autograder"
    archive.mkdir()
    shutil.copytree(tests, archive / "tests")
    shutil.copy(root / "otter_config.json", archive)
    shutil.make_archive(str(archive), "zip", archive)
    for number in range(students):
        folder = root / f"{number}"
        folder.mkdir()
        (folder / "light.ipynb").write_text(json.dumps(plain_notebook(number)), encoding="utf-8")


def gradebook_marks(root: Path, slug: str = SLUG) -> dict[str, dict[str, float | None]]:
    """Return the marks in a gradebook, by student and task."""
    from nbgrader.api import Gradebook

    marks: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "light") as gradebook:
        for submission in gradebook.assignment_submissions(slug):
            (notebook,) = submission.notebooks
            marks[submission.student.id] = {item.name: item.auto_score for item in notebook.grades}
    return marks


def demand_right_marks(run: Run) -> None:
    """Stop if a grader did not give every student what the answers deserve."""
    for number in range(run.submissions):
        name, expected = student_id(number), expected_points(number)
        if run.marks.get(name) != expected:
            raise SystemExit(f"{run.name}: {name} has {run.marks.get(name)}, not {expected}")


def demand_full_marks(run: Run, slug: str) -> None:
    """Stop if a finished notebook lost a point, or was not graded."""
    tasks = load_contract(ROOT / "assignments" / slug).tasks
    wanted = {task.id: task.points for task in tasks if task.kind is TaskKind.AUTO}
    for name, marks in run.marks.items():
        got = {task: marks.get(task) for task in wanted}
        if got != wanted:
            raise SystemExit(f"{slug}: {name} has {got}, not {wanted}")


def one_round(options: argparse.Namespace) -> dict[str, Run]:
    """Let each grader grade once, ours between the others."""
    first, *others = _numbers(options.sizes)
    runs = {"stock": stock(options.stock), f"ours_{first}": ours(first, options.jobs)}
    runs["two_stock"] = two_stock(options.stock)
    for size in others:
        runs[f"ours_{size}"] = ours(size, options.jobs)
    if options.otter_python:
        runs["otter"] = otter(options.otter, options.otter_python)
    for run in runs.values():
        demand_right_marks(run)
    return runs


def ratios(rounds: Sequence[dict[str, Run]]) -> dict[str, dict[str, float]]:
    """Return how many times faster we are, submission for submission: of all rounds the median."""
    found = {}
    for name, run in rounds[0].items():
        if name.startswith("ours_"):
            for rival in ("stock", "two_stock", "otter"):
                if rival in rounds[0]:
                    of_each = [runs[rival].each_s / runs[name].each_s for runs in rounds]
                    found[f"{rival}_{run.submissions}"] = {
                        "median": round(statistics.median(of_each), 2),
                        "least": round(min(of_each), 2),
                        "most": round(max(of_each), 2),
                    }
    return found


def main() -> None:
    """Measure, compare, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each grader has its turn")
    parser.add_argument("--sizes", default="60,300", help="classes graded by us")
    parser.add_argument("--growth", default="50,1000", help="a small and a large class, or empty")
    parser.add_argument("--stock", type=int, default=20, help="submissions for nbgrader, a round")
    parser.add_argument("--otter-python", type=Path, help="python of an environment with Otter")
    parser.add_argument("--otter", type=int, default=2, help="submissions for Otter, a round")
    parser.add_argument("--real", default=REAL, help="assignments graded whole, or empty")
    parser.add_argument("--real-students", type=int, default=12, help="hand-ins of each")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    options = parser.parse_args()
    rounds = [one_round(options) for _ in range(options.rounds)]
    sizes = _numbers(options.growth)
    growth = [ours(size, options.jobs) for size in (*sizes, *sizes[:1])]
    for run in growth:
        demand_right_marks(run)
    real = {
        slug: real_assignment(slug, options.real_students, options.jobs)
        for slug in options.real.split(",")
        if slug
    }
    report(rounds, growth, real, options.out)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def report(
    rounds: Sequence[dict[str, Run]],
    growth: Sequence[Run],
    real: dict[str, dict[str, float]],
    out: Path,
) -> None:
    """Print the tables, and write JSON and a plot."""
    for runs in rounds:
        for name, run in runs.items():
            print(f"{name:12} {run.line()}")
        print()
    found = ratios(rounds)
    for name, ratio in found.items():
        reach = f" (reach {REACH[name]:g})" if name in REACH else ""
        print(
            f"{name:16} {ratio['median']:6.1f} times faster,"
            f" {ratio['least']:.1f} to {ratio['most']:.1f}{reach}"
        )
    summary = {"machine": _machine(), "ratios": found, "reach": REACH}
    if growth:
        summary["growth"] = _growth(growth)
        print(f"growth           {summary['growth']}")
    for slug, measures in real.items():
        print(f"{slug:24} {measures}")
    summary["real"] = real
    out.mkdir(parents=True, exist_ok=True)
    rows = [{name: _plain(run) for name, run in runs.items()} for runs in rounds]
    document = {**summary, "rounds": rows, "growth_runs": [_plain(run) for run in growth]}
    (out / "overhead.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    _plot(rounds, out / "overhead.png")
    print(f"Wrote {out / 'overhead.json'} and {out / 'overhead.png'}")


def _growth(growth: Sequence[Run]) -> dict[str, float]:
    """Compare a submission of the large class with one of the small, graded before and after."""
    large = max(growth, key=lambda run: run.submissions)
    small = [run for run in growth if run is not large]
    each_s = statistics.mean(run.each_s for run in small)
    peak_mb = statistics.mean(run.peak_mb for run in small)
    return {
        "cost_ratio": round(large.each_s / each_s, 3),
        "reach": GROWTH_REACH,
        "coordinator_growth_mb": round(large.peak_mb - peak_mb, 1),
        "memory_reach_mb": MEMORY_REACH_MB,
    }


def _plain(run: Run) -> dict[str, object]:
    document = asdict(run)
    del document["marks"]
    return {**document, "each_s": run.each_s}


def _machine() -> dict[str, object]:
    load = os.getloadavg()
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": [round(value, 2) for value in load],
    }


def _plot(rounds: Sequence[dict[str, Run]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    names = list(reversed(rounds[0]))
    each = [[runs[name].each_s for runs in rounds] for name in names]
    middle = [statistics.median(seconds) for seconds in each]
    below = [value - min(seconds) for value, seconds in zip(middle, each, strict=True)]
    above = [max(seconds) - value for value, seconds in zip(middle, each, strict=True)]
    fig, axes = plt.subplots(figsize=(7, 0.5 + 0.5 * len(names)), layout="constrained")
    bars = axes.barh(names, middle, xerr=[below, above])
    axes.bar_label(bars, [f"{value:.2f} s" for value in middle], padding=12)
    axes.set(xscale="log", xlabel="seconds for each submission, start-up included")
    axes.margins(x=0.25)
    fig.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
