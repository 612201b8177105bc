"""Every known answer against every hidden test: the right pass, the wrong fail and are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.audit.findings import error, grader_errors
from autograder.audit.pace import Pace
from autograder.audit.reach import Reach
from autograder.audit.report import Cell, Finding, Kind, Row, Stage
from autograder.audit.trial import Seen, Trial, TrialResult, by_file, decisive
from autograder.authoring import Solutions, Variant
from autograder.authoring.marked import Marked
from autograder.outcomes import Outcome


def reference_trial(solutions: Solutions, tests: Sequence[Marked]) -> Trial:
    """Return the trial of the reference, by all tests."""
    return _trial(solutions.reference, solutions, tests, None)


def known_answers(solutions: Solutions, *, quick: bool) -> list[tuple[Kind, Variant | None]]:
    """Return the known answers but the reference: untouched stub, right and wrong ones.

    Parameters
    ----------
    quick
        Whether a sample of the wrong variants will do: for each test one that fails it.
    """
    wrong = _sample(solutions.wrong) if quick else solutions.wrong
    return [
        (Kind.STUB, None),
        *((Kind.RIGHT, variant) for variant in solutions.right),
        *((Kind.WRONG, variant) for variant in wrong),
    ]


def answer_trials(
    known: Iterable[tuple[Kind, Variant | None]],
    solutions: Solutions,
    tests: Sequence[Marked],
    pace: Pace,
    reach: Reach,
) -> list[tuple[Kind, Variant | None, Trial]]:
    """Return a trial of each known answer.

    A wrong variant meets the tests that can notice it; slow ones of its own tasks only.
    """
    trials = []
    for kind, variant in known:
        asked = list(tests)
        if kind is Kind.WRONG and variant is not None:
            near = reach.tasks(variant.answers)
            asked = [
                test
                for test in tests
                if test.task in variant.answers or (test.task in near and not pace.is_slow(test))
            ]
        limit = None
        if kind is not Kind.RIGHT:
            limit = pace.call_cpu_s(*(variant.answers if variant is not None else ()))
        trials.append((kind, variant, _trial(variant, solutions, asked, limit)))
    return trials


def lone_trials(solutions: Solutions, tests: Sequence[Marked]) -> list[Trial]:
    """Return for each task a trial of the reference's answer to it, the others left as stubs."""
    answers = solutions.reference.answers
    return [
        Trial(
            label=task,
            answers={task: answers[task]},
            tests=by_file(test for test in tests if test.task == task),
        )
        for task in dict.fromkeys(test.task for test in tests)
    ]


def lone_findings(trials: Sequence[Trial], results: Sequence[TrialResult]) -> Iterator[Finding]:
    """Yield the tests of a task that a right answer fails while other tasks are not answered."""
    for trial, result in zip(trials, results, strict=True):
        for name, runs in result.by_test().items():
            seen = decisive(runs)
            if seen.outcome is Outcome.FAILED:
                yield error(
                    Stage.VARIANTS,
                    name,
                    f"The reference's answer to {trial.label} fails it while the other tasks are "
                    f"not answered: {seen.message}",
                    "A task must not need another one: give it a stand-in, or inputs of its own.",
                )


def _sample(wrong: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return few wrong variants that, between them, fail every test that the others fail."""
    failed: set[str] = set()
    chosen = []
    for variant in sorted(wrong, key=lambda variant: len(_fails(variant)), reverse=True):
        if not _fails(variant) <= failed:
            failed |= _fails(variant)
            chosen.append(variant)
    return tuple(chosen)


def _fails(variant: Variant) -> set[str]:
    return set(variant.expectation.fails) if variant.expectation else set()


def row(kind: Kind, variant: Variant | None, result: TrialResult, tests: Sequence[Marked]) -> Row:
    """Return what the tests made of an answer."""
    by_test = result.by_test()
    expectation = variant.expectation if variant else None
    cells = {
        test.name: _cell(kind, variant, test, by_test[test.name])
        for test in tests
        if test.name in by_test
    }
    return Row(
        name=variant.name if variant else "stub",
        kind=kind,
        path=str(variant.path) if variant else "the untouched notebook",
        tasks=tuple(variant.answers) if variant else (),
        misconception=expectation.misconception if expectation else "",
        hints_expected=expectation.hints if expectation else (),
        hints_given=tuple(sorted({cell.hint for cell in cells.values() if cell.hint})),
        cells=cells,
    )


def answer_findings(
    rows: Sequence[Row], results: Sequence[TrialResult], tests: Sequence[Marked], grader_dir: Path
) -> Iterator[Finding]:
    """Yield each answer that the tests judge differently from what it is."""
    task_of = {test.name: test.task for test in tests}
    broken: dict[str, Finding] = {}
    for test in tests:
        if test.name not in rows[0].cells:
            yield error(
                Stage.VARIANTS,
                f"{test.path}:{test.line}",
                f"{test.name} did not run: is it skipped, or does its file not load?",
                "While it does not run, its task is graded for nobody.",
            )
    for one, result in zip(rows, results, strict=True):
        for text in result.errors:
            broken.setdefault(text, error(Stage.VARIANTS, grader_dir, text))
        for finding in grader_errors(Stage.VARIANTS, one.name, result.seen, grader_dir):
            broken.setdefault(finding.where, finding)
        yield from _row_findings(one, task_of)
    yield from broken.values()


def _trial(
    variant: Variant | None,
    solutions: Solutions,
    tests: Sequence[Marked],
    call_cpu_s: float | None,
) -> Trial:
    answers: Mapping[str, str] = {}
    if variant is not None:
        answers = {**solutions.reference.answers, **variant.answers}
    return Trial(
        label=variant.name if variant else "the untouched stub",
        answers=answers,
        tests=by_file(tests),
        example=True,
        call_cpu_s=call_cpu_s,
    )


def _cell(kind: Kind, variant: Variant | None, test: Marked, runs: Sequence[Seen]) -> Cell:
    seen = decisive(runs)
    expectation = variant.expectation if variant else None
    must_fail = kind is Kind.STUB or (expectation is not None and test.name in expectation.fails)
    may_fail = must_fail or (
        kind is Kind.WRONG and variant is not None and test.task in variant.answers
    )
    allowed = {
        Outcome.PASSED: not must_fail,
        Outcome.FAILED: may_fail,
        Outcome.DEFERRED: True,
        Outcome.NOT_GRADED: False,
    }
    return Cell(
        outcome=seen.outcome,
        hint=seen.hint,
        message=seen.message,
        expected_failure=must_fail,
        as_expected=allowed[seen.outcome],
    )


def _row_findings(one: Row, task_of: Mapping[str, str]) -> Iterator[Finding]:
    failed = [name for name, cell in one.cells.items() if cell.outcome is Outcome.FAILED]
    if one.kind in (Kind.REFERENCE, Kind.RIGHT):
        for name in failed:
            yield error(
                Stage.VARIANTS,
                one.path,
                f"{name} refuses this right answer: {one.cells[name].message}",
                "Either the test asks for more than the text does, or the answer is not right.",
            )
        return
    passed = [
        name
        for name, cell in one.cells.items()
        if cell.expected_failure and cell.outcome is Outcome.PASSED
    ]
    if one.kind is Kind.STUB:
        yield from (
            error(Stage.VARIANTS, name, "The untouched stub passes this test.") for name in passed
        )
        return
    if not failed:
        yield error(
            Stage.VARIANTS, one.path, "No test refuses it: a wrong answer earns full marks."
        )
    elif passed:
        yield error(Stage.VARIANTS, one.path, f"It passes what it must fail: {', '.join(passed)}.")
    outside = [name for name in failed if task_of[name] not in one.tasks]
    if outside:
        yield error(
            Stage.VARIANTS,
            one.path,
            f"It fails tests of tasks it does not answer: {', '.join(outside)}.",
            "A mistake in one task must not cost marks in another.",
        )
