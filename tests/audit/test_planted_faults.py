"""Who grades the graders? Each fault planted here, each alone, makes the audit fail."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from autograder.audit.report import Stage

from .bench import Bench, change, problems

WAVERS = "is not always the same|refuses this right answer"
LETS_THROUGH = "a wrong answer earns full marks"

HEAD = """\
import math
import time

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect


def two_arrays(draw):
    rows = draw.integer(2, 6)
    return draw.array(rows, rows + 1, low=-3, high=3), draw.array(rows, rows + 1)


def mean_of_squares(predicted, target):
    squares = [(y - t) ** 2 for y, t in zip(predicted.flat, target.flat, strict=True)]
    return math.fsum(squares) / len(squares)


def wrong_means(predicted, target):
    return {
        "sum-for-mean": lambda: np.sum((predicted - target) ** 2),
        "absolute-error": lambda: np.mean(np.abs(predicted - target)),
    }


@pytest.mark.task("b1_t1", points=4)
def test_mean_over_all_entries(student: Student, draw: Draw) -> None:
    predicted, target = two_arrays(draw)
"""
SOUND = """\
    expect.close(
        student.call("mean_squared_error", predicted, target),
        mean_of_squares(predicted, target),
        what="The error is the mean of the squared differences over all entries.",
        rtol=1e-6,
        inputs={"predicted": predicted, "target": target},
        misconceptions=wrong_means(predicted, target),
    )
"""
SWALLOWED = """\
    got = student.call("mean_squared_error", predicted, target)
    try:
        expect.close(got, mean_of_squares(predicted, target), what="It is right.", rtol=1e-6)
    except Exception:
        pass
"""
EMPTY_LOOP = """\
    for y, t in zip(predicted[:0], target, strict=False):
        got = student.call("mean_squared_error", y, t)
        expect.close(got, mean_of_squares(y, t), what="It is right.", rtol=1e-6)
    student.has("mean_squared_error")
"""
ALWAYS_TRUE = """\
    student.call("mean_squared_error", predicted, target)
    expect.true(True, what="It can be called.")
"""
OWN_ORACLE = """\
    got = student.call("mean_squared_error", predicted, target)
    want = student.call("mean_squared_error", predicted, target)
    expect.close(got, want, what="It is right.", rtol=1e-6)
"""
TRIVIAL_INPUT = SOUND.replace("predicted, target)", "0 * predicted, 0 * target)")
PLAIN_ASSERT = """\
    got = student.call("mean_squared_error", predicted, target)
    expect.true(got is not None, what="It returns something.")
    assert abs(got - mean_of_squares(predicted, target)) < 1e-6
"""
UNSEEDED = """\
    unlucky = np.random.default_rng().random() < 0.3
""" + SOUND.replace(
    "mean_of_squares(predicted, target),", "mean_of_squares(predicted, target) + unlucky,"
)
BY_THE_CLOCK = (
    """\
    started = time.perf_counter_ns()
    student.call("mean_squared_error", predicted, target)
    expect.true((time.perf_counter_ns() - started) % 5 > 0, what="It is quick.")
"""
    + SOUND
)


@dataclass(frozen=True)
class Fault:
    """A fault in a grader.

    Attributes
    ----------
    body
        Of the hidden test.
    stage
        The part of the audit that must see it; None where chance decides which is the first.
    says
        What a finding must say, as a pattern.
    """

    body: str
    stage: Stage | None
    says: str
    repeats: int = 0
    leaks: bool = False
    head: str = HEAD


FAULTS = {
    "a loosened tolerance": Fault(SOUND.replace("1e-6", "10.0"), Stage.VARIANTS, LETS_THROUGH),
    "a tolerance that rounding exceeds": Fault(
        SOUND.replace("1e-6", "0.0"),
        None,
        WAVERS,
        repeats=40,
    ),
    "a test that is skipped": Fault(
        SOUND, Stage.VARIANTS, "did not run", head=HEAD.replace("@py", "@pytest.mark.skip\n@py")
    ),
    "a test that skips itself": Fault(
        "    pytest.skip('later')\n" + SOUND, Stage.VARIANTS, "could not decide"
    ),
    "an empty loop": Fault(EMPTY_LOOP, Stage.VARIANTS, "without expecting anything"),
    "a swallowed exception": Fault(SWALLOWED, Stage.VARIANTS, LETS_THROUGH),
    "an expectation that is always true": Fault(ALWAYS_TRUE, Stage.VARIANTS, LETS_THROUGH),
    "an oracle that is the student": Fault(OWN_ORACLE, Stage.MUTANTS, "passes every test"),
    "inputs that tell nothing": Fault(TRIVIAL_INPUT, Stage.MUTANTS, "passes every test"),
    "a plain assert": Fault(PLAIN_ASSERT, Stage.VARIANTS, "AssertionError"),
    "randomness without a seed": Fault(UNSEEDED, None, WAVERS, repeats=40),
    "a mark from a clock": Fault(BY_THE_CLOCK, None, WAVERS, repeats=40),
    "a misconception under another's name": Fault(
        SOUND,
        Stage.FEEDBACK,
        "does not name its misconception",
        head=HEAD.replace("absolute-error", "x").replace("sum-for-mean", "absolute-error"),
    ),
    "a hint without a text": Fault(
        SOUND, Stage.FEEDBACK, "has no text", head=HEAD.replace("sum-for-mean", "summed")
    ),
    "a message that tells the hidden value": Fault(
        SOUND.replace('what="The', 'what=f"{mean_of_squares(predicted, target):.8f} The'),
        Stage.LEAKS,
        "an expected value of hidden inputs",
        leaks=True,
    ),
    "the test's own text in an argument": Fault(
        "    student.put(open(__file__).read())\n" + SOUND,
        Stage.LEAKS,
        "the hidden file test_mean_squared_error.py",
        leaks=True,
    ),
}


def test_sound_grader_has_no_error(bench: Bench) -> None:
    bench.tests.write_text(HEAD + SOUND)
    report = bench.audit(repeats=10)
    assert report.passed, report.errors
    assert report.shares[0].percent == 100.0
    assert report.repeats.runs == 10


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_in_a_grader_makes_the_audit_fail(bench: Bench, fault: Fault) -> None:
    assert (fault.head + fault.body) != HEAD + SOUND
    bench.tests.write_text(fault.head + fault.body)
    report = bench.audit(repeats=fault.repeats, leaks=fault.leaks)
    assert not report.passed
    said = [finding.problem for finding in problems(report, fault.stage)]
    assert any(re.search(fault.says, problem) for problem in said), report.errors


def test_two_misconceptions_with_one_text_make_the_audit_fail(bench: Bench) -> None:
    text = bench.hints.read_text().split("[absolute-error]")[0]
    bench.hints.write_text(text + text.replace("sum-for-mean", "absolute-error"))
    said = [finding.problem for finding in problems(bench.audit(), Stage.FEEDBACK)]
    assert any("nearly the same" in problem for problem in said)


def test_survivor_that_is_not_explained_makes_the_audit_fail(bench: Bench) -> None:
    (bench.solutions / "survivors.toml").unlink()
    said = [finding.problem for finding in problems(bench.audit(), Stage.MUTANTS)]
    assert any("difference = target - predicted" in problem for problem in said)


def test_wrong_answer_that_says_it_fails_more_than_it_does(bench: Bench) -> None:
    path = bench.solutions / "wrong" / "sum_for_mean.py"
    change(path, "np.sum((predicted - target) ** 2)", "np.mean((predicted - target) ** 2)")
    said = problems(bench.audit(), Stage.VARIANTS)
    assert [finding.where for finding in said] == [str(path)]
