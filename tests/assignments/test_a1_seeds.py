"""The hidden tests of a1 on many seeds, run in this process without a sandbox.

What a class is graded with is drawn from a secret. These tests look at more than one secret, which
would take minutes through the sandbox, and measure how far right and wrong answers lie from the
tolerances.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import course
from autograder.authoring import Variant, load_assignment, load_solutions
from autograder.codec import Fault
from autograder.contract import Kind
from autograder.grading import Draw, StudentRaised
from autograder.grading.expect import PropertyFailed
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a1_sgd_vs_adam"
SEEDS = range(3)
TRAINS = "a1_t9"
"""Its hidden tests train networks, which takes time: one seed has to do."""
SETTINGS = load_settings(ROOT)
ASSIGNMENT = load_assignment(SLUG, SETTINGS)
SOLUTIONS = load_solutions(ASSIGNMENT, SETTINGS)
AUTO = [task.id for task in ASSIGNMENT.contract.tasks if task.kind is Kind.AUTO]
# Without the sandbox nothing refuses a library.
WRONG = [variant for variant in SOLUTIONS.wrong if "delegates" not in variant.name]

PLAIN = (type(None), bool, int, float, str, np.ndarray, np.generic)


@pytest.fixture(scope="module", autouse=True)
def _marker(request: pytest.FixtureRequest) -> None:
    """Declare the mark of hidden tests, as their runner does."""
    request.config.addinivalue_line("markers", "task(id, points): what a hidden test is worth")


class LocalHandle:
    """Stands in for a handle: values are copied where they would cross to another process."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        return to_grader(self._run(method, args, kwargs))

    def new(self, method: str, *args: Any, **kwargs: Any) -> LocalHandle:
        return LocalHandle(self._run(method, args, kwargs))

    def get(self, name: str) -> Any:
        return to_grader(guarded(lambda: getattr(self._held, name)))

    def set(self, name: str, value: Any) -> None:
        guarded(lambda: setattr(self._held, name, to_student(value)))

    def fetch(self) -> Any:
        return to_grader(self._held)

    def _run(self, method: str, args: Any, kwargs: Any) -> Any:
        return called(lambda: getattr(self._held, method), args, kwargs)


class LocalStudent:
    """Stands in for the fixture ``student``, with answers run in this process."""

    def __init__(self, answers: str) -> None:
        self._names: dict[str, Any] = {"np": np, "course": course, "partial": partial}
        exec(answers, self._names)

    def new(self, name: str, *args: Any, **kwargs: Any) -> LocalHandle:
        return LocalHandle(called(lambda: self._names[name], args, kwargs))

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        return to_grader(called(lambda: self._names[name], args, kwargs))

    def put(self, value: Any) -> LocalHandle:
        return LocalHandle(to_student(value))

    def get(self, name: str) -> Any:
        return to_grader(self._names[name])

    def has(self, name: str) -> bool:
        return name in self._names


def to_student(value: Any) -> Any:
    if isinstance(value, LocalHandle):
        return value._held
    if isinstance(value, tuple | list):
        return type(value)(map(to_student, value))
    if isinstance(value, dict):
        return {key: to_student(part) for key, part in value.items()}

    if callable(value):  # it runs at the grader's, so what it is given and what it gives cross too
        return lambda *args, **kwargs: to_student(value(*to_grader(args), **to_grader(kwargs)))
    return copy.deepcopy(value)


def to_grader(value: Any) -> Any:
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    if isinstance(value, tuple | list):
        return type(value)(map(to_grader, value))
    if isinstance(value, dict):
        return {key: to_grader(part) for key, part in value.items()}
    return copy.deepcopy(value) if isinstance(value, PLAIN) else LocalHandle(value)


def called(find: Callable[[], Any], args: Any, kwargs: Any) -> Any:
    return guarded(lambda: find()(*to_student(args), **to_student(kwargs)))


def guarded(action: Callable[[], Any]) -> Any:
    """Report what the variant's code raises as the sandbox would."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return action()
    except Exception as error:
        fault = Fault(type(error).__name__, str(error), None, "", "raised")
        raise StudentRaised(fault) from error


def seeds_of(task: str) -> range:
    return range(1) if task == TRAINS else SEEDS


def hidden_tests() -> Iterator[tuple[str, str, Callable[..., None]]]:
    """Yield task, name and function of every hidden test."""
    for task in AUTO:
        module = importlib.import_module(f"autograder.graders.{SLUG}.test_{task}")
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield task, name, function


def passes(test: Callable[..., None], answers: str, seed: int, *, disclosed: bool) -> bool:
    possible = {"student": LocalStudent(answers), "draw": Draw(seed, disclosed=disclosed)}
    wanted = inspect.signature(test).parameters
    try:
        test(**{name: possible[name] for name in wanted})
    except (PropertyFailed, StudentRaised):
        return False
    return True


def test_there_are_hidden_tests_and_variants() -> None:
    assert len(list(hidden_tests())) > 15
    assert len(SOLUTIONS.right) >= 3
    assert len(WRONG) >= 12


def test_reference_passes_with_no_other_task_answered() -> None:
    """So no task can cost points because an earlier one is wrong."""
    answers = SOLUTIONS.reference.answers
    for task, name, test in hidden_tests():
        for seed in seeds_of(task):
            for disclosed in (False, True):
                assert passes(test, answers[task], seed, disclosed=disclosed), (name, seed)


@pytest.mark.parametrize("variant", SOLUTIONS.right, ids=lambda variant: variant.name)
def test_right_answer_passes_whatever_the_secret(variant: Variant) -> None:
    answers = "\n".join(variant.answers[task] for task in AUTO if task in variant.answers)
    for task, name, test in hidden_tests():
        for seed in seeds_of(task) if task in variant.answers else ():
            for disclosed in (False, True):
                assert passes(test, answers, seed, disclosed=disclosed), (name, seed, disclosed)


@pytest.mark.parametrize("variant", WRONG, ids=lambda variant: variant.name)
def test_wrong_answer_fails_whatever_the_secret(variant: Variant) -> None:
    assert variant.expectation is not None
    (task,) = variant.answers
    tests = {name: test for of, name, test in hidden_tests() if of == task}
    for name in variant.expectation.fails:
        for seed in seeds_of(task):
            answer = variant.answers[task]
            assert not passes(tests[name], answer, seed, disclosed=False), (name, seed)
