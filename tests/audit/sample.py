"""A report as a real audit of two tasks would give it, with one of everything that can go wrong."""

from __future__ import annotations

import difflib

from autograder.audit.report import (
    AuditReport,
    Cell,
    Finding,
    Flip,
    Kind,
    Leak,
    LeakSearch,
    Margin,
    MutantRow,
    MutantShare,
    MutantVerdict,
    Repeats,
    Row,
    Severity,
    Stage,
    TestCost,
)
from autograder.outcomes import Outcome

EVIL = "<script>alert(1)</script> [bold]not markup[/bold] \x1b[2J\u202e"
"""What a message may hold that quotes hostile code."""

SGD, ADAM = "a1_t3", "a1_t5"
TESTS = {
    "test_without_momentum_it_is_plain_descent": SGD,
    "test_velocity_remembers_past_slopes": SGD,
    "test_schedule_is_asked_with_the_steps_already_taken": SGD,
    "test_decays_follow_their_formulas": SGD,
    "test_sgd_changes_no_argument_and_no_result": SGD,
    "test_many_steps_with_slopes_from_one_to_the_tiniest": ADAM,
    "test_eps_stands_outside_the_root_and_after_the_correction": ADAM,
    "test_first_steps_are_corrected_for_the_start_at_zero": ADAM,
    "test_default_settings": ADAM,
    "test_slope_of_zero_gives_no_nan": ADAM,
}
NAMES = list(TESTS)
SOLUTIONS = "solutions/a1_sgd_vs_adam"
GRADERS = "autograder/graders/a1_sgd_vs_adam"

ANSWER = """\
class SGD:
    def __init__(self, lr=0.1, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.velocity = 0.0

    def step(self, w, g):
        self.velocity = self.momentum * self.velocity + g
        if self.momentum <= 0.0:
            return w - self.lr * g
        return w - self.lr * self.velocity
"""
CHANGES = (
    ("comparison", 9, "<= 0.0", "< 0.0"),
    ("comparison", 9, "<= 0.0", "== 0.0"),
    ("float", 2, "lr=0.1", "lr=0.1001"),
    ("sign", 2, "momentum=0.9", "momentum=-0.9"),
    ("float", 5, "0.0", "1.0"),
    ("arithmetic", 8, "+ g", "- g"),
    ("arithmetic", 8, "* self", "/ self"),
    ("term", 8, " + g", ""),
    ("arithmetic", 10, "w - ", "w + "),
    ("arithmetic", 11, "w - ", "w + "),
)
WRONG_BY_TASK = {
    SGD: {
        "sgd_climbs": ((0, 1, 3), "sign"),
        "sgd_dampening": ((1,), "dampening"),
        "sgd_decay_compounds": ((3,), ""),
        "sgd_decay_in_whole_numbers": ((3,), ""),
        "sgd_schedule_ignored": ((2, 3), "schedule-ignored"),
        "sgd_slopes_in_place": ((4,), "in-place"),
        "sgd_velocity_reset": ((1,), "velocity-reset"),
        "sgd_visible_example_only": ((0, 1, 2, 3), ""),
    },
    ADAM: {
        "adam_betas_swapped": ((5, 6, 7), "betas-swapped"),
        "adam_climbs": ((5, 7), "sign"),
        "adam_eps_in_root": ((6,), "eps-in-root"),
        "adam_no_bias_correction": ((5, 7), "no-bias-correction"),
        "adam_one_scale_for_all": ((5,), ""),
        "adam_root_missing": ((5, 6), ""),
        "adam_variance_for_square": ((5, 9), "variance"),
    },
}


def passes() -> Cell:
    return Cell(outcome=Outcome.PASSED, as_expected=True)


def refused(message: str, *, listed: bool = True, hint: str | None = None) -> Cell:
    return Cell(
        outcome=Outcome.FAILED,
        hint=hint,
        message=message,
        expected_failure=listed,
        as_expected=True,
    )


def answer(name: str, kind: Kind, *tasks: str, hints: tuple[str, ...] = ()) -> Row:
    """Return an answer that passes everything."""
    folder = {Kind.RIGHT: "right/", Kind.WRONG: "wrong/"}.get(kind, "")
    return Row(
        name=name,
        kind=kind,
        path=f"{SOLUTIONS}/{folder}{name}.py",
        tasks=tasks,
        hints_expected=hints,
        hints_given=hints,
        cells=dict.fromkeys(NAMES, passes()),
    )


def with_cells(row: Row, cells: dict[str, Cell], **changes: object) -> Row:
    return row.model_copy(update={"cells": row.cells | cells, **changes})


def wrong_answers() -> list[Row]:
    rows = []
    for task, answers in WRONG_BY_TASK.items():
        for name, (fails, hint) in answers.items():
            row = answer(name, Kind.WRONG, task, hints=(hint,) if hint else ())
            told = "Step 3 gives 0.4821, which is off by more than rounding."
            cells = {NAMES[number]: refused(told, hint=hint or None) for number in fails}
            rows.append(with_cells(row, cells, misconception=name.replace("_", "-")))
    return rows


def good_rows() -> tuple[Row, ...]:
    """Return answers that all meet what they must."""
    stub = answer("stub", Kind.STUB)
    return (
        answer("reference", Kind.REFERENCE, SGD, ADAM),
        with_cells(stub, dict.fromkeys(NAMES, refused("step raises NotImplementedError."))),
        answer("loops", Kind.RIGHT, SGD, ADAM),
        answer("single_precision", Kind.RIGHT, SGD, ADAM),
        answer("state_in_place", Kind.RIGHT, SGD),
        answer("folded_corrections", Kind.RIGHT, ADAM),
        *wrong_answers(),
    )


def bad_rows() -> tuple[Row, ...]:
    """Return the answers again; some meet what they must not."""
    rows = {row.name: row for row in good_rows()}
    unfair = Cell(outcome=Outcome.FAILED, message=EVIL, as_expected=False)
    missed = Cell(outcome=Outcome.PASSED, expected_failure=True, as_expected=False)
    undecided = Cell(
        outcome=Outcome.NOT_GRADED, message="The test raised IndexError.", as_expected=False
    )
    extra = refused("The rate is 0.1 at step 1.", listed=False)
    changes: dict[str, dict[str, Cell]] = {
        "single_precision": {NAMES[5]: unfair},
        "adam_root_missing": {NAMES[6]: missed},
        "sgd_decay_compounds": {NAMES[8]: unfair, NAMES[2]: extra},
        "adam_climbs": {NAMES[9]: undecided},
        "adam_one_scale_for_all": {
            NAMES[8]: Cell(outcome=Outcome.DEFERRED, message="No GPU here.", as_expected=True)
        },
    }
    for name, cells in changes.items():
        rows[name] = with_cells(rows[name], cells)
    rows["adam_eps_in_root"] = with_cells(
        rows["adam_eps_in_root"], {}, hints_given=("betas-swapped",)
    )
    return tuple(rows.values())


def diff(operator: str, line: int, before: str, after: str) -> str:
    lines = ANSWER.splitlines()
    changed = list(lines)
    changed[line - 1] = lines[line - 1].replace(before, after)
    assert changed != lines
    names = (f"{SGD}: reference", f"{SGD}: {operator}")
    return "\n".join(difflib.unified_diff(lines, changed, *names, n=2, lineterm=""))


def mutants(*verdicts: MutantVerdict) -> tuple[MutantRow, ...]:
    """Return the mutants of the answer: these verdicts first, all others killed."""
    rows = []
    for number, (operator, line, before, after) in enumerate(CHANGES):
        verdict = verdicts[number] if number < len(verdicts) else MutantVerdict.KILLED
        explained = verdict in (MutantVerdict.EQUIVALENT, MutantVerdict.ACCEPTED)
        rows.append(
            MutantRow(
                key=f"{0x3A0D32236829 + 7919 * number:012x}",
                task=SGD,
                operator=operator,
                line=line,
                diff=diff(operator, line, before, after),
                verdict=verdict,
                killed_by=NAMES[0] if verdict is MutantVerdict.KILLED else "",
                reason=f"Both branches give {verdict} results." if explained else "",
            )
        )
    return tuple(rows)


def shares(rows: tuple[MutantRow, ...]) -> tuple[MutantShare, ...]:
    verdicts = [row.verdict for row in rows]
    equivalent = verdicts.count(MutantVerdict.EQUIVALENT)
    killed = verdicts.count(MutantVerdict.KILLED)
    return (
        MutantShare(task=SGD, killed=killed, counted=len(rows) - equivalent, equivalent=equivalent),
        MutantShare(task=ADAM, killed=87, counted=88, equivalent=4),
    )


def margins() -> tuple[Margin, ...]:
    """Return comparisons of every kind; the first is the narrowest, the third has no wrong."""
    values = [
        (0.62, 40.0),
        (0.02, 1.7),
        (3e-4, None),
        (0.0, 2e5),
        (2e-3, 1e11),
        (4e-5, float("inf")),
        (None, 12.0),
    ] + [(10.0**-n, 10.0 ** (n + 1)) for n in range(2, 8)]
    return tuple(
        Margin(
            test=NAMES[number % len(NAMES)],
            site=f"{GRADERS}/test_a1_t{3 if number % len(NAMES) < 5 else 5}.py:{70 + 9 * number}",
            worst_right=right,
            worst_right_variant="single_precision" if right is not None else "",
            best_wrong=wrong,
            best_wrong_variant="adam_eps_in_root" if wrong is not None else "",
        )
        for number, (right, wrong) in enumerate(values)
    )


def costs(rows: tuple[Row, ...], *, idle: str = "") -> tuple[TestCost, ...]:
    failed = {
        name: sum(
            row.kind is Kind.WRONG and row.cells[name].outcome is Outcome.FAILED for row in rows
        )
        for name in NAMES
    }
    return tuple(
        TestCost(
            test=name,
            task=task,
            points=1.5 if number % 3 == 0 else 1.0,
            milliseconds=3.0 + 7.0 * number,
            wrong_failed=0 if name == idle else failed[name],
            mutants_killed=0 if name == idle else 9 - number % 7,
        )
        for number, (name, task) in enumerate(TESTS.items())
    )


def good_report() -> AuditReport:
    """Return a report in which nothing is to be mended."""
    rows = good_rows()
    mutated = mutants(MutantVerdict.EQUIVALENT)
    return AuditReport(
        slug="a1_sgd_vs_adam",
        title="SGD against Adam",
        tier="T1",
        tests=costs(rows),
        rows=rows,
        mutants=mutated,
        shares=shares(mutated),
        repeats=Repeats(
            runs=50,
            verdicts=1000,
            by_conditions={
                "1 thread, quiet machine": 35,
                "2 threads, quiet machine": 10,
                "4 threads, busy machine": 5,
            },
        ),
        margins=margins(),
        leak_search=LeakSearch(places={"release": 4, "wheel": 231, "feedback": 9}),
        stages_seconds={Stage.FILES: 0.4, Stage.VARIANTS: 41.0, Stage.MUTANTS: 188.2},
        trials=512,
        trials_cached=377,
    )


def bad_report() -> AuditReport:
    """Return a report with findings of every stage."""
    rows = bad_rows()
    mutated = mutants(
        MutantVerdict.SURVIVED,
        MutantVerdict.EQUIVALENT,
        MutantVerdict.ACCEPTED,
        MutantVerdict.SURVIVED,
    )
    good = good_report()
    flip = Flip(
        variant="single_precision",
        test=NAMES[5],
        term="audit-17",
        seed=8812,
        conditions="4 threads, busy machine",
        message="Step 9 is off.",
    )
    leak = Leak(what="hidden text", where="release: checks.py")
    return good.model_copy(
        update={
            "rows": rows,
            "tests": costs(rows, idle="test_default_settings"),
            "mutants": mutated,
            "shares": shares(mutated),
            "repeats": good.repeats.model_copy(update={"flips": (flip,)}),
            "leak_search": LeakSearch(places=good.leak_search.places, leaks=(leak,)),
            "findings": findings(mutated),
        }
    )


def findings(mutated: tuple[MutantRow, ...]) -> tuple[Finding, ...]:
    survivors = [row for row in mutated if row.verdict is MutantVerdict.SURVIVED]
    return (
        Finding(
            stage=Stage.MARGINS,
            severity=Severity.WARNING,
            where=f"{GRADERS}/test_a1_t3.py:70 ({NAMES[0]})",
            problem="The right answer single_precision uses 62 % of the tolerance.",
            advice="Another machine's rounding may take the rest: widen it.",
        ),
        Finding(
            stage=Stage.VARIANTS,
            severity=Severity.WARNING,
            where=f"{SOLUTIONS}/wrong/adam_eps_in_root.py",
            problem="Its hint is another than the expected one.",
        ),
        Finding(
            stage=Stage.VARIANTS,
            where=f"{SOLUTIONS}/right/single_precision.py",
            problem=f"{NAMES[5]} refuses this right answer: {EVIL}",
            advice="Either the test asks for more than the text does, or the answer is not right.",
        ),
        *(
            Finding(
                stage=Stage.MUTANTS,
                where=f"{row.task}, line {row.line} of the reference's answer",
                problem=f"A mutant ({row.operator}) passes every test:\n{row.diff}",
                advice="Write a test that tells it from the reference, or say why it may live.",
            )
            for row in survivors
        ),
        Finding(
            stage=Stage.COVERAGE,
            where=f"{GRADERS}/test_a1_t5.py:106",
            problem="test_default_settings (1 points) failed on no wrong variant and no mutant.",
            advice="Either it cannot fail, or the wrong answer that it is for is missing.",
        ),
        Finding(
            stage=Stage.LEAKS,
            where="release: checks.py",
            problem="Students could read hidden text here.",
        ),
    )
