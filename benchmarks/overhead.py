"""Grading against its rivals, in one run on one machine: ``make bench``.

The light course (``benchmarks/light_course.py``) is graded by plain ``nbgrader autograde``, by two
of them at once on separate gradebooks, by Otter's local run where it is installed, and by
``autograder grade``, start-up included: all in turns, for some rounds, since a shared machine is
faster in one minute than in another. The marks are compared as well: a fast wrong grader is of no
interest. Then the class grows from 50 to 1,000, and the coordinator's memory is watched. Last,
finished notebooks of real assignments are graded, and compared with the CPU time that their cells
and hidden tests need by themselves (``benchmarks/own_work.py``), measured before and after.

    python -m benchmarks.overhead --rounds 3 --sizes 60,300 --growth 50,1000 --stock 20
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from autograder.contract import Kind as TaskKind
from autograder.contract import load_contract
from benchmarks.graders import otter, ours, stock, two_stock
from benchmarks.light_course import expected_points, student_id
from benchmarks.measure import Run
from benchmarks.real_course import ROOT
from benchmarks.report import report

OWN_REACH = 1.3
REAL = "a1_sgd_vs_adam,a2_backprop_by_hand,a3_grid_search"
_OWN_RUNS = 2
"""Before grading, and as many after it."""


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


def one_round(options: argparse.Namespace) -> dict[str, Run]:
    """Let each grader grade once, ours between the others."""
    sizes = _numbers(options.sizes)
    runs = {"stock": stock(options.stock)}
    for number, size in enumerate(sizes):
        runs[f"ours_{size}"] = ours(size, options.jobs)
        if number == 0:
            runs["two_stock"] = two_stock(options.stock)
    if options.otter_python:
        runs["otter"] = otter(options.otter, options.otter_python)
    for run in runs.values():
        demand_right_marks(run)
    return runs


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
    rival = stock(few, slug)
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


if __name__ == "__main__":
    main()
