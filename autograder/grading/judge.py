"""Decides one hidden test: runs it, tries again where that is fair, finds an example.

1. The test runs on the hidden inputs, in a fresh copy of the student's process.
2. If the process died or did not answer, it runs once more: only what happens
   twice is the student's.
3. If it failed, it runs on disclosed inputs to find an example to show, later and in
   a process that has met no hidden input. The outcome stays that of the hidden run;
   only the words come from the example.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from autograder.grading.draw import Draw
from autograder.grading.expect import PropertyFailed, checks_made
from autograder.grading.seeds import disclosed_seed, hidden_seed
from autograder.grading.student import Student
from autograder.kernels import BudgetSpent, NotOnThisMachine, StudentFault
from autograder.kernels.process import ProcessEnded
from autograder.outcomes import Outcome
from autograder.sandbox import SandboxLost
from autograder.termination import Terminated

GRADER_ERROR = "The hidden test itself had an error; the course's staff has been told."


@dataclass(frozen=True)
class Verdict:
    """How one test ended.

    Attributes
    ----------
    message
        For the student.
    staff_note
        For the staff only: it may quote the hidden test.
    """

    outcome: Outcome
    message: str = ""
    hint: str | None = None
    staff_note: str = ""
    retry: bool = False


class Judge:
    """Runs hidden tests against one submission.

    Parameters
    ----------
    student, draw
        The fixtures, restarted before each run.
    secret, names
        From which the seeds are made: the course's secret, and what names the
        assignment and the term.
    """

    def __init__(self, student: Student, draw: Draw, secret: bytes, names: tuple[str, ...]) -> None:
        self._student = student
        self._draw = draw
        self._secret = secret
        self._names = names

    def decide(self, test: Callable[[], None], test_id: str) -> Verdict:
        """Return the verdict on one test; its words are none of the submission's."""
        return self._run_fairly(test, self.seed_of(test_id), disclosed=False)

    def seed_of(self, test_id: str) -> int:
        """Return the seed of a test's hidden inputs."""
        return hidden_seed(self._secret, *self._names, test_id)

    def explain(self, test: Callable[[], None], test_id: str, failed: Verdict) -> Verdict:
        """Return the verdict on a test that failed, in the words of an example if there is one."""
        seed = disclosed_seed(*self._names, test_id)
        example = self._run_fairly(test, seed, disclosed=True)
        if example.outcome is not Outcome.FAILED:
            return failed
        return Verdict(Outcome.FAILED, example.message, failed.hint or example.hint)

    def _run_fairly(self, test: Callable[[], None], seed: int, *, disclosed: bool) -> Verdict:
        """Run a test; once more if the process died or did not answer, which may be chance."""
        verdict = self._run(test, seed, disclosed=disclosed)
        return self._run(test, seed, disclosed=disclosed) if verdict.retry else verdict

    def _run(self, test: Callable[[], None], seed: int, *, disclosed: bool) -> Verdict:
        self._student.restart()
        self._draw.restart(seed, disclosed=disclosed)
        token = checks_made.set(0)
        try:
            test()
            return self._passed()
        except (SandboxLost, KeyboardInterrupt, Terminated):
            raise
        except BaseException as error:  # also SystemExit and pytest's own outcomes
            return _verdict_on(error, disclosed=disclosed)
        finally:
            checks_made.reset(token)
            self._student.restart()

    def _passed(self) -> Verdict:
        if self._student.calls == 0:
            return _broken("The test passed without calling the submission.")
        if checks_made.get() == 0:
            return _broken("The test passed without expecting anything.")
        return Verdict(Outcome.PASSED)


def _verdict_on(error: BaseException, *, disclosed: bool) -> Verdict:
    """Tell the student's faults from the grader's own."""
    if isinstance(error, PropertyFailed):
        lines = [error.what, *error.details] if disclosed else [error.what, _HIDDEN_INPUTS]
        return Verdict(Outcome.FAILED, "\n".join(lines), error.hint)
    if isinstance(error, StudentFault):
        text = str(error) if disclosed else error.without_arguments
        return Verdict(Outcome.FAILED, text, retry=not error.certain)
    if isinstance(error, ProcessEnded):
        text = "Your notebook's process could not be kept running, so nothing could be called."
        return Verdict(Outcome.FAILED, text, retry=True)
    if isinstance(error, BudgetSpent):
        return Verdict(Outcome.NOT_GRADED, str(error))
    if isinstance(error, NotOnThisMachine):
        return Verdict(Outcome.DEFERRED, str(error))
    if isinstance(error, pytest.skip.Exception):
        return _broken(f"The test skipped itself: {error.msg}")
    return _broken("".join(traceback.format_exception(error)))


_HIDDEN_INPUTS = "This was seen on hidden inputs; a small example does not show it."


def _broken(staff_note: str) -> Verdict:
    return Verdict(Outcome.NOT_GRADED, GRADER_ERROR, staff_note=staff_note)
