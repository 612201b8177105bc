"""One run over a class, from the lock to the last mark."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import Any

from autograder.batch import worker
from autograder.batch.assignment import Assignment
from autograder.batch.digests import Basis, basis
from autograder.batch.grade import Graded
from autograder.batch.journal import Journal
from autograder.batch.lock import only_run
from autograder.batch.plan import Only, make_plan
from autograder.batch.pool import WarmPool
from autograder.batch.rehearsal import rehearsed
from autograder.batch.run import Batch, Coordinator, Watcher, conditions, trouble_explained
from autograder.batch.staging import REHEARSAL, STAGING, remove_folder
from autograder.batch.writer import Writer
from autograder.grading.engine import shared_engine
from autograder.sandbox import WarmParent

Watch = Callable[[int], AbstractContextManager[Watcher]]
_GRACE_S = 120.0
"""Seconds beyond a submission's own time until its worker is taken for lost."""


def grade_submissions(
    assignment: Assignment,
    watch: Watch,
    *,
    jobs: int,
    students: Sequence[str] = (),
    only: Only | None = None,
    rerun: bool = False,
    parents: Sequence[WarmParent] = (),
) -> Batch:
    """Grade a class, and save every mark.

    Parameters
    ----------
    watch
        Opens a watcher, given how many submissions there are.
    jobs
        How many to grade at once.
    parents
        Warm parents that were started ahead; whoever started them closes them.

    Raises
    ------
    UserError
        If grading cannot begin, or has to stop: another run is grading the same assignment,
        nobody submitted, the disk is full.
    """
    course = assignment.course
    coursedir = course.coursedir(assignment_id=assignment.slug)
    with contextlib.ExitStack() as stack:
        stack.enter_context(trouble_explained(assignment))
        stack.enter_context(only_run(course.root, assignment.slug))
        chosen = assignment.students(students)
        journal = stack.enter_context(Journal(course.root))
        now = basis(course.settings, coursedir)
        known = journal.entries(assignment.slug)
        plan = make_plan(assignment, chosen, known, now, only=only, rerun=rerun)
        record = json.dumps(_conditions(assignment, now))
        stack.enter_context(journal.run(assignment.slug, record))
        workers = min(jobs, len(plan.to_grade) + len(plan.unsaved))
        pool = stack.enter_context(_open_pool(assignment, workers, parents))
        writer = stack.enter_context(contextlib.closing(Writer(assignment)))
        watcher = stack.enter_context(watch(len(plan)))
        return Coordinator(assignment, pool, workers, journal, writer, now, watcher).run(plan)


def rehearse(
    assignment: Assignment, students: Sequence[str], watch: Watch, *, jobs: int, times: int = 1
) -> list[Graded]:
    """Grade submissions, and save nothing.

    Parameters
    ----------
    times
        How often to grade each.

    Raises
    ------
    UserError
        If another run is grading the same assignment, or no worker can be had.
    """
    course = assignment.course
    todo = [student for student in students for _ in range(times)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(trouble_explained(assignment))
        stack.enter_context(only_run(course.root, assignment.slug))
        staging = f"{REHEARSAL}/{assignment.slug}"  # another assignment may be rehearsed meanwhile
        stack.callback(remove_folder, course.root / staging)
        workers = min(jobs, len(todo))
        pool = stack.enter_context(_open_pool(assignment, workers, [], staging))
        watcher = stack.enter_context(watch(len(todo)))
        return list(rehearsed(assignment, pool, todo, watcher))


@contextlib.contextmanager
def _open_pool(
    assignment: Assignment, workers: int, ahead: Sequence[WarmParent], staging: str = STAGING
) -> Iterator[Executor]:
    """Give a pool of workers, each with a warm parent; kill it if the run is broken off."""
    course = assignment.course
    worker.lend(ahead[:workers])
    gc.collect()
    gc.freeze()  # the workers' collectors leave shared pages alone
    try:
        pool = WarmPool(
            workers,
            worker.set_up,
            (course.root, assignment.slug, dict(course.overrides), assignment.log_path, staging),
            course.settings.submission_wall_s + _GRACE_S,
        )
    finally:
        worker.let_go()
    try:
        yield pool
    except BaseException:
        pool.kill()
        raise
    pool.shutdown(cancel_futures=True)


def _conditions(assignment: Assignment, now: Basis) -> dict[str, Any]:
    settings = assignment.course.settings
    tier = shared_engine(settings, assignment.slug).tier
    return conditions(now, tier, settings.model_dump(mode="json"))
