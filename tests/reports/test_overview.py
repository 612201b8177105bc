"""The numbers of the summary must count only what is decided."""

from __future__ import annotations

import pytest

from autograder.outcomes import Outcome, SubmissionResult
from autograder.reports import overview

from .conftest import ADVICE, HINT, hidden_test, submission


def with_points(student: str, points: float, worth: float) -> SubmissionResult:
    passed = hidden_test("test_a", Outcome.PASSED, points=points)
    return submission(student, passed, hidden_test("test_b", Outcome.FAILED, points=worth - points))


def test_undecided_submissions_are_no_zeros(
    settled: list[SubmissionResult], undecided: list[SubmissionResult]
) -> None:
    numbers = overview([*settled, *undecided])
    assert numbers.is_provisional
    assert numbers.undecided == 2
    assert numbers.mean == 3.0
    assert numbers.median == 3.0
    assert numbers.full_marks == 1
    assert sum(bar.count for bar in numbers.bins) == 2


def test_share_of_a_test_counts_those_for_whom_it_is_decided(
    settled: list[SubmissionResult], undecided: list[SubmissionResult]
) -> None:
    shares = {test.name: test for test in overview([*settled, *undecided]).tests}
    assert (shares["a"].passed, shares["a"].decided, shares["a"].percent) == (3, 3, 100.0)
    assert (shares["b"].passed, shares["b"].decided, shares["b"].percent) == (1, 2, 50.0)


def test_misconceptions_come_by_frequency_and_count_each_student_once() -> None:
    def failing(student: str, *hints: str) -> SubmissionResult:
        tests = (
            hidden_test(f"test_{number}", Outcome.FAILED, hint=hint)
            for number, hint in enumerate(hints)
        )
        return submission(student, *tests)

    found = overview([failing("a", HINT, HINT), failing("b", "rare", HINT)]).misconceptions
    assert [(item.name, item.students) for item in found] == [
        ("velocity reset", ("a", "b")),
        ("rare", ("b",)),
    ]
    assert found[0].advice == ADVICE


@pytest.mark.parametrize(
    ("worth", "reached", "counts"),
    [
        (4.0, [0, 0.5, 1, 3.5, 4], {"0": 2, "1": 1, "3": 1, "4": 1}),
        (22.0, [0, 1.5, 2, 21.5, 22], {"0–2": 2, "2–4": 1, "20–22": 1, "22": 1}),
        (23.0, [22, 22.5, 23], {"22–23": 2, "23": 1}),
    ],
)
def test_only_full_marks_are_in_the_last_bar(
    worth: float, reached: list[float], counts: dict[str, int]
) -> None:
    bins = overview([with_points(str(value), value, worth) for value in reached]).bins
    assert {bar.label: bar.count for bar in bins if bar.count} == counts
    assert len({bar.label for bar in bins}) == len(bins)


def test_empty_class_has_no_mean() -> None:
    numbers = overview([])
    assert numbers.mean is None
    assert numbers.median is None
    assert numbers.bins == ()
    assert not numbers.is_provisional
