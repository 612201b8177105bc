"""Hidden tests of a1_t8: how far a rate may go, one descent, and a race that is fair.

Slopes and steps come from the grader's side, so the student's own optimizers do not matter here,
and every question that is asked is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Spy, Student, expect

from .contestants import Bowl, Walker, as_numbers, optimizer_with, steep_bowl, step_in_place
from .promises import Array

# Over 20 seeds, right answers use at most 0.13 of this (the float32 one), and the nearest wrong one
# goes 6,000 times beyond it (a start that moves on).
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


@pytest.mark.task("a1_t8", points=1)
def test_largest_stable_rate_is_set_by_the_steepest_direction(student: Student, draw: Draw) -> None:
    flat = draw.array(1, 3, low=1.0, high=3.0)
    for H in (steep_bowl(draw, draw.integer(2, 6)).curvature, np.array([[3.0]]), flat.T @ flat):
        h = np.linalg.eigvalsh(H)
        held = student.put(H)
        expect.close(
            student.call("largest_stable_rate", held),
            2.0 / h[-1],
            what="beyond largest_stable_rate(H) plain descent diverges, below it never does",
            inputs={"H": H},
            misconceptions={
                "rate-of-the-flattest": 2.0 / h[0] if h[0] > 1e-6 else np.inf,
                "rate-halved": 1.0 / h[-1],
                "rate-inverted": 0.5 * h[-1],
                "rate-from-diagonal": 2.0 / np.diag(H).max(),
                "rate-from-sum": 2.0 / np.trace(H),
                "rate-from-all-entries": 2.0 / np.linalg.norm(H),
            },
            rtol=1e-5,  # float32 uses 0.01 of it; the nearest mistake is 500 times beyond
        )
        what = "largest_stable_rate leaves H as it was"
        expect.unchanged(held, H, what=what, hint="bowl-changed")


@pytest.mark.task("a1_t8", points=2)
def test_descent_records_the_start_and_every_step(student: Student, draw: Draw) -> None:
    bowl = steep_bowl(draw, draw.integer(2, 5))
    w0 = draw.array(len(bowl.curvature), low=1.0, high=3.0)
    edge = 2.0 / np.linalg.eigvalsh(bowl.curvature)[-1]
    for lr, momentum, steps in (
        (0.8 * edge, 0.0, draw.integer(3, 25)),
        (1.5 * edge, 0.0, draw.integer(8, 20)),  # it diverges, and is recorded all the same
        (0.5 * edge, 0.9, draw.integer(3, 25)),
        (0.5 * edge, 0.0, 0),
    ):
        walker = Walker(lr, momentum)
        want = walker.path(bowl, w0, steps) if momentum else bowl.descent(w0, lr, steps)
        bowl.asked.clear()
        got = descend(student, bowl, w0, optimizer_with(student, walker.step), steps)
        expect.close(
            got,
            want,
            what="descend returns the start and the weights after every step, one a row, also when "
            "they grow and grow",
            inputs={"H": bowl.curvature, "w0": w0, "lr": lr, "momentum": momentum, "steps": steps},
            misconceptions=wrong_paths(bowl, w0, walker, steps),
            **TOLERANCE,
        )
        expect.equal(
            len(bowl.asked),
            steps,
            what="descend asks for the slope exactly once a step",
            misconceptions={
                "slope-asked-once-more": steps + 1,
                "slope-asked-twice": 2 * steps,
            },
        )


def descend(student: Student, bowl: Bowl, w0: Array | Handle, optimizer: Handle, steps: int) -> Any:
    """Let the student's function walk down a bowl."""
    return student.call("descend", bowl.gradient, w0, optimizer, steps)


def wrong_paths(bowl: Bowl, w0: Array, walker: Walker, steps: int) -> dict[str, Array]:
    """Return the paths of known mistakes, by hint."""
    longer = walker.path(bowl, w0, steps + 1)
    right = longer[: steps + 1]
    frozen, swapped, moved = [w0], [w0], [np.zeros_like(w0), np.zeros_like(w0)]
    for _ in range(steps):
        slope = bowl.curvature @ swapped[-1]
        moved[0] = walker.momentum * moved[0] + bowl.curvature @ w0
        moved[1] = walker.momentum * moved[1] + swapped[-1]
        frozen.append(frozen[-1] - walker.lr * moved[0])
        swapped.append(slope - walker.lr * moved[1])
    return {
        "step-not-taken": np.repeat(right[:1], steps + 1, axis=0),
        "start-missing": longer[1:-1],
        "last-missing": longer[:steps],
        "one-step-too-many": longer,
        "slope-of-the-start": np.array(frozen),
        "step-arguments-swapped": np.array(swapped),
        "only-the-last": right[-1],
        "path-by-columns": right.T,
    }


def sharing_memory(got: Any, want: Array) -> Array:
    """Return a path whose rows are all the last, with or without the start."""
    rows = np.repeat(want[-1:], len(want), axis=0)
    if np.allclose(as_numbers(got, want.shape)[0], want[0]):
        rows[0] = want[0]
    return rows


@pytest.mark.task("a1_t8", points=1)
def test_descent_keeps_its_rows_when_a_step_writes_in_place(student: Student, draw: Draw) -> None:
    bowl = steep_bowl(draw, draw.integer(2, 5))
    bowl.curvature /= 10.0  # a step in place has the rate 1, so it must not be too steep
    w0, steps = draw.array(len(bowl.curvature), low=1.0, high=3.0), draw.integer(2, 15)
    want, held = bowl.descent(w0, 1.0, steps), student.put(w0)
    got = descend(student, bowl, held, optimizer_with(student, step_in_place(student)), steps)
    expect.close(
        got,
        want,
        what="each row stays what it was, also when the optimizer writes its new weights into the "
        "array it was given",
        inputs={"H": bowl.curvature, "w0": w0, "steps": steps},
        misconceptions={"rows-share-memory": sharing_memory(got, want)},
        **TOLERANCE,
    )
    what = "descend leaves w0 as it was, whatever the optimizer does"
    expect.unchanged(held, w0, what=what, hint="start-changed")


class Field:
    """Contestants with rates and momentums of their own, and the makers that hand them out."""

    def __init__(self, student: Student, draw: Draw, bowl: Bowl) -> None:
        edge = 2.0 / np.linalg.eigvalsh(bowl.curvature)[-1]
        settings = ((0.3, 0.0), (0.1, 0.9), (0.6, 0.5), (0.9, 0.0))[: draw.integer(3, 4)]
        self.walkers = {
            f"contestant {chr(ord('A') + k)}": Walker(share * edge, momentum)
            for k, (share, momentum) in enumerate(draw.rng.permutation(settings))
        }
        self.makers = {name: self._maker(student, w) for name, w in self.walkers.items()}

    def _maker(self, student: Student, walker: Walker) -> Spy:
        optimizer = optimizer_with(student, walker.step)

        def make() -> Handle:
            walker.velocity = 0.0  # fresh, as far as one can see
            return optimizer

        return Spy(make)

    @property
    def taken(self) -> dict[str, int]:
        """How many steps each contestant has taken."""
        return {name: len(walker.came_from) for name, walker in self.walkers.items()}


def race(
    student: Student, bowl: Bowl, w0: Array | Handle, makers: dict[str, Any], steps: int
) -> dict[str, Any]:
    """Let the student's function hold a race; expect a dict with the names of all contestants."""
    got = student.call("fair_race", bowl.gradient, w0, makers, steps)
    expect.true(
        type(got) is dict and list(got) == list(makers),
        what="fair_race returns a dict that has the names of make_optimizers, in their order",
        got=list(got) if type(got) is dict else got,
        expected=list(makers),
    )
    return dict(got)


@dataclass(frozen=True)
class Alone:
    """What the student's own ``descend`` makes of a contestant: races are measured by it.

    So a mistake in ``descend`` costs its own points, and not those of the race.
    """

    path: Array
    steps_taken: int
    slopes_asked: int


def run_alone(student: Student, bowl: Bowl, w0: Array, walker: Walker, steps: int) -> Alone:
    """Let a walker like this one descend alone."""
    twin, asked = Walker(walker.lr, walker.momentum), len(bowl.asked)
    got = descend(student, bowl, w0, optimizer_with(student, twin.step), steps)
    path = as_numbers(got)
    what = "descend returns finite numbers, a row for the start and one for every step"
    expect.true(path.size > 0 and bool(np.isfinite(path).all()), what=what, got=got)
    return Alone(path, len(twin.came_from), len(bowl.asked) - asked)


@pytest.mark.task("a1_t8", points=2)
def test_race_gives_all_the_same_start_and_budget(student: Student, draw: Draw) -> None:
    bowl = steep_bowl(draw, draw.integer(2, 4))
    w0, steps = draw.array(len(bowl.curvature), low=1.0, high=3.0), draw.integer(4, 12)
    field = Field(student, draw, bowl)
    got = race(student, bowl, w0, field.makers, steps)
    asked, taken = len(bowl.asked), field.taken
    alone = {who: run_alone(student, bowl, w0, one, steps) for who, one in field.walkers.items()}
    first = next(iter(alone.values()))
    expect.true(
        set(taken.values()) == {first.steps_taken} and first.steps_taken > 0,
        what="every contestant takes as many steps as it would in descend",
        got=taken,
        expected=first.steps_taken,
        hint=budget_hint(list(taken.values()), first.steps_taken),
    )
    expect.true(
        asked == sum(one.slopes_asked for one in alone.values()),
        what="all contestants together ask for the slope as often as descend would for each",
        got=asked,
        expected=sum(one.slopes_asked for one in alone.values()),
        hint="budget-unequal",
    )
    ends = [w0]
    for name, walker in field.walkers.items():
        expect.close(
            walker.came_from[0],
            w0,
            what="every contestant takes its first step from w0",
            inputs={"w0": w0, "contestant": name},
            misconceptions={"start-shared": ends[-1]},
            **TOLERANCE,
        )
        ends.append(walker.path(bowl, w0, steps)[-1])
        expect.close(
            got[name],
            alone[name].path,
            what="fair_race gives the path of every contestant, as descend gives it",
            inputs={"H": bowl.curvature, "w0": w0, "steps": steps, "contestant": name},
            **TOLERANCE,
        )


def budget_hint(taken: list[int], steps: int) -> str | None:
    """Name what is wrong with the numbers of steps taken, if anybody took any."""
    if not any(taken):
        return None
    divided = len(set(taken)) == 1 and 0 < taken[0] < steps
    return "budget-divided" if divided else "budget-unequal"


@pytest.mark.task("a1_t8", points=1)
def test_race_makes_every_optimizer_once_and_afresh(student: Student, draw: Draw) -> None:
    bowl = steep_bowl(draw, 2)
    w0, steps = draw.array(2, low=1.0, high=3.0), draw.integer(4, 8)
    field = Field(student, draw, bowl)
    want = {
        who: run_alone(student, bowl, w0, one, steps).path for who, one in field.walkers.items()
    }
    for number in (1, 2):
        got = race(student, bowl, w0, field.makers, steps)
        made = {name: len(maker.calls) for name, maker in field.makers.items()}
        expect.true(
            set(made.values()) == {number},
            what="in every race each function in make_optimizers is called exactly once",
            got=made,
            expected=number,
            hint="made-too-often" if max(made.values()) > number else "not-made",
        )
        for name, path in want.items():
            others = [way for other, way in want.items() if other != name]
            expect.close(
                got[name],
                path,
                what="every contestant runs with its own optimizer, in each race afresh",
                inputs={"H": bowl.curvature, "w0": w0, "steps": steps, "contestant": name},
                misconceptions={"optimizers-mixed-up": mixed_up(got[name], others)},
                **TOLERANCE,
            )


def mixed_up(got: Any, others: list[Array]) -> Array:
    """Return the path of another contestant: the one that this looks like, or any."""
    found = as_numbers(got, others[0].shape)
    return next((way for way in others if np.allclose(found, way)), others[0])


@pytest.mark.task("a1_t8", points=1)
def test_race_starts_afresh_when_steps_write_in_place(student: Student, draw: Draw) -> None:
    bowl = steep_bowl(draw, draw.integer(2, 4))
    bowl.curvature /= 10.0
    w0, steps = draw.array(len(bowl.curvature), low=1.0, high=3.0), draw.integer(4, 9)
    held = student.put(w0)
    makers = {
        name: partial(lambda one: one, optimizer_with(student, step_in_place(student)))
        for name in ("first", "second", "third")
    }
    race(student, bowl, held, makers, steps)
    # Whatever the order of the steps: w0 itself is where nobody comes back to.
    starts = sum(np.allclose(w, w0, rtol=1e-5) for w in bowl.asked)
    expect.true(
        starts == len(makers),
        what="all start from w0, also when an optimizer writes its new weights into the array it "
        "was given",
        got=f"{starts} of {len(makers)} contestants started from w0",
        inputs={"H": bowl.curvature, "w0": w0, "steps": steps},
        hint="start-shared" if starts == 1 else None,
    )
    what = "fair_race leaves w0 as it was, whatever the optimizers do"
    expect.unchanged(held, w0, what=what, hint="start-changed")
