"""Hidden tests of a3_t8: one change at a time, and the rules of birth and death."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .plain import Array, generator, number, parts, whole_numbers

LIST = "layers are a list of whole numbers"


def layers_of(value: Any, what: str = LIST) -> tuple[int, ...]:
    """Return layers as a tuple that can be compared."""
    expect.true(isinstance(value, list), what=what, got=value)
    return tuple(whole_numbers(value, what))


def relatives(layers: list[int], widths: list[int], most: int) -> dict[str, set[tuple[int, ...]]]:
    """Return all that one change can lead to, by its kind."""
    at, n = tuple(layers), len(layers)
    kinds = {
        "another width": {(*at[:i], w, *at[i + 1 :]) for i in range(n) for w in widths} - {at},
        "one taken out": {at[:i] + at[i + 1 :] for i in range(n)} if n > 1 else set(),
        "one put in": {(*at[:i], w, *at[i:]) for i in range(n + 1) for w in widths}
        if n < most
        else set(),
    }
    return {kind: found for kind, found in kinds.items() if found}


def mutants(
    student: Student, layers: list[int], widths: list[int], most: int, count: int, seed: int
) -> list[tuple[int, ...]]:
    """Return so many mutants."""
    rng = generator(student, seed)
    return [
        layers_of(student.call("mutate", layers, rng, widths, most), "mutate returns a list")
        for _ in range(count)
    ]


@pytest.mark.task("a3_t8", points=1)
def test_mutant_differs_by_one_change(student: Student, draw: Draw) -> None:
    width = draw.integer(3, 9)
    for layers, widths, most in (
        ([width, 8], [4, 8, 16], 4),
        ([16, 16, width], [4, 16], 3),
        ([width], [8, 2], 1),
        ([4], [4], 2),
        ([4, 4], [4], 2),
    ):
        allowed = set().union(*relatives(layers, widths, most).values())
        held = student.put(layers)
        rng = generator(student, draw.integer(1, 99))
        for _ in range(25):
            got = layers_of(
                student.call("mutate", held, rng, widths, most), "mutate returns a list"
            )
            expect.true(
                layers_of(held.fetch()) == tuple(layers),
                what="the parent stays as it is",
                got=held.fetch(),
                hint="parent-changed",
            )
            grown = len(got) > most or not got
            expect.true(
                got in allowed,
                what="a mutant has one layer of another width, one less, or one more; from one "
                "layer up to the most allowed; new widths come from the list",
                got=list(got),
                inputs={"layers": layers, "widths": widths, "most": most},
                hint="no-change-at-all"
                if got == tuple(layers)
                else "too-many-or-no-layers"
                if grown
                else None,
            )


def places_of_change(
    layers: list[int], widths: list[int]
) -> dict[str, list[list[tuple[int, ...]]]]:
    """Return for each kind of change, and each place of it, the mutants that it can give."""
    at, places = tuple(layers), range(len(layers))
    return {
        "a layer got another width": [[(*at[:i], w, *at[i + 1 :]) for w in widths] for i in places],
        "a layer was taken out": [[at[:i] + at[i + 1 :]] for i in places],
        "a layer was put in": [
            [(*at[:i], w, *at[i:]) for w in widths] for i in range(len(layers) + 1)
        ],
    }


@pytest.mark.task("a3_t8", points=1)
def test_every_kind_and_place_of_change_happens(student: Student, draw: Draw) -> None:
    layers, widths = [5, draw.integer(6, 9)], [4, 16]
    seed = draw.integer(1, 99)
    # Each of the 12 relatives has a chance of 1/24 or more in each of the known ways to draw (by
    # kind, by place, or evenly from all): that one never comes in 400 draws has a chance of 5e-7.
    met = Counter(mutants(student, layers, widths, 5, 400, seed))
    for kind, members in relatives(layers, widths, 5).items():
        share = sum(met[member] for member in members)
        expect.true(
            share > 20,
            what=f"every kind of change happens; told is how often, in 400, it was: {kind}",
            got=share,
            inputs={"layers": layers, "widths": widths},
            hint="one-kind-of-change-missing",
        )
    for change, ways in places_of_change(layers, widths).items():
        times = [sum(met[mutant] for mutant in place) for place in ways]
        expect.true(
            min(times) > 0,
            what="a change can happen at any place; told is how often, from the first place to "
            f"the last, {change}",
            got=times,
            inputs={"layers": layers, "widths": widths},
            hint="one-place-never-changed",
        )
        never = [list(mutant) for place in ways for mutant in place if not met[mutant]]
        expect.true(
            not never,
            what="every change that is possible happens now and then; told are mutants that never "
            "came in 400",
            got=never,
            inputs={"layers": layers, "widths": widths},
        )
    again = mutants(student, layers, widths, 5, 10, seed)
    expect.true(
        again == mutants(student, layers, widths, 5, 10, seed) and len(set(again)) > 1,
        what="changes are drawn from rng: the same seed gives the same mutants",
        hint="rng-ignored",
    )


@pytest.mark.task("a3_t8", points=1)
def test_layers_that_cannot_change_are_refused(student: Student, draw: Draw) -> None:
    width = draw.integer(2, 9)
    mutants(student, [width, width], [width], 2, 2, 1)
    expect.raises(
        lambda: student.call("mutate", [width], generator(student, 1), [width], 1),
        what="if no change is possible, that is a ValueError",
        inputs={"layers": [width], "widths": [width], "most": 1},
    )


class Pond:
    """Gives birth and error to architectures, and keeps its own list of the living.

    Every architecture is a single number, given out once, so that it tells who it is.
    """

    def __init__(self, errors: Array, size: int) -> None:
        self.errors, self.size = errors, size
        self.born: list[int] = [0] * size
        self.tried: list[int] = []
        self.alive: list[tuple[int, float]] = []
        self.parents: list[int] = []
        self.ways: list[str] = []
        self.outside = 0
        self.dead = 0

    def population(self) -> list[list[int]]:
        """Return the first architectures."""
        return [[100 + k] for k in range(self.size)]

    def mutate(self, parent: Any, rng: Any) -> list[int]:
        """Note the parent and return a newborn."""
        who = self._known(parent, "mutate is given layers and rng")
        living = sorted(self.alive, key=by_error)[: (len(self.alive) + 1) // 2]
        self.outside += who not in [one for one, _ in living]
        self.dead += who not in [one for one, _ in self.alive]
        self.parents.append(who)
        return self._newborn("mutated")

    def fresh(self, rng: Any) -> list[int]:
        """Return a newborn without a parent."""
        return self._newborn("fresh")

    def try_layers(self, layers: Any) -> float:
        """Return the error, and let the worst die as soon as all live that may."""
        who = self._known(layers, "try_layers is given layers")
        expect.true(
            who not in self.tried, what="every architecture is tried once", hint="tried-again"
        )
        self.tried.append(who)
        error = float(self.errors[who])
        self.alive.append((who, error))
        if len(self.alive) > self.size:
            self.alive.remove(max(self.alive, key=by_error))
        return error

    def _newborn(self, way: str) -> list[int]:
        expect.true(len(self.born) < self.errors.size, what="evolution comes to an end")
        self.ways.append(way)
        self.born.append(len(self.born))
        return [100 + len(self.born) - 1]

    def _known(self, layers: Any, what: str) -> int:
        got = layers_of(layers, what)
        known = len(got) == 1 and 0 <= got[0] - 100 < len(self.born)
        expect.true(known, what=f"{what} that were given out", got=layers)
        return got[0] - 100


def by_error(member: tuple[int, float]) -> float:
    """Sort by error, nan behind all numbers."""
    return math.inf if math.isnan(member[1]) else member[1]


def evolved(student: Student, pond: Pond, children: int, seed: int) -> list[Any]:
    """Let the student's evolution run."""
    rng = generator(student, seed)
    got = student.call(
        "evolve", pond.population(), pond.try_layers, pond.mutate, pond.fresh, children, rng
    )
    return parts(got, 2, "evolve returns the pair (layers, error)")


def falling(draw: Draw, count: int) -> Array:
    """Return errors that fall on the whole, so that newborns often live.

    They are 1 to 4 in even steps, so no two are equal: who of two equals dies is left open.
    """
    late = np.arange(count) - 0.5 * draw.rng.permutation(count)
    return np.linspace(4.0, 1.0, count)[np.argsort(np.argsort(late))]


@pytest.mark.task("a3_t8", points=1)
def test_everyone_is_tried_once_in_order_of_birth(student: Student, draw: Draw) -> None:
    for size, children in ((draw.integer(3, 6), draw.integer(8, 15)), (1, 5), (4, 0)):
        pond = Pond(falling(draw, size + children + 40), size)
        evolved(student, pond, children, draw.integer(1, 99))
        expect.true(
            pond.tried == list(range(size + children)),
            what="the population is tried, then each child when it is born; told are the numbers "
            "of those tried, in order of birth",
            got=pond.tried,
            expected=list(range(size + children)),
            inputs={"population": size, "children": children},
            hint="children-miscounted" if len(pond.tried) != size + children else None,
        )
    expect.raises(
        lambda: student.call(
            "evolve", [], pond.try_layers, pond.mutate, pond.fresh, 3, generator(student, 1)
        ),
        what="an empty population is a ValueError",
    )


@pytest.mark.task("a3_t8", points=1)
def test_four_of_five_children_have_a_parent(student: Student, draw: Draw) -> None:
    pond = Pond(falling(draw, 320), 4)
    evolved(student, pond, 300, draw.integer(1, 99))
    mutated = pond.ways.count("mutated")
    # 240 of 300 are expected; 42 is six standard deviations.
    hint = "shares-swapped" if abs(mutated - 60) < 42 else "only-one-way-of-birth"
    expect.true(
        198 < mutated < 282,
        what="about 80 % of the children come from mutate, the others from fresh; told is how "
        "many of 300 had a parent",
        got=mutated,
        hint=hint,
    )
    runs = "".join("m" if way == "mutated" else "f" for way in pond.ways)
    expect.true(
        "ff" in runs and "mmmmmmm" in runs,
        what="which way a child comes is drawn anew for each birth",
        hint="births-by-rota",
    )


@pytest.mark.task("a3_t8", points=2)
def test_parents_come_from_the_better_half(student: Student, draw: Draw) -> None:
    for size, children in ((6, 120), (5, 60), (1, 10)):
        errors = falling(draw, size + children + 40)
        errors[size + 3 :: 7] = np.nan
        pond = Pond(errors, size)
        evolved(student, pond, children, draw.integer(1, 99))
        expect.true(
            len(pond.parents) > 0, what="mutate is given parents", hint="only-one-way-of-birth"
        )
        share = pond.outside / len(pond.parents)
        expect.true(
            pond.outside == 0,
            what="a parent is one of the better half of those alive, when the worst of all has "
            "died after each birth; told is the share of parents that were not",
            got=share,
            inputs={"population": size, "children": children},
            hint="worst-survives" if pond.dead else "parents-from-everyone",
        )
    # No newborn lives: of the better three of five, each must be a parent of the many children.
    pond = Pond(np.concatenate([np.arange(1.0, 6.0), np.full(160, 50.0)]), 5)
    evolved(student, pond, 120, draw.integer(1, 99))
    times = Counter(pond.parents)
    expect.true(
        # A third of about 96 is expected of each; a tenth is five standard deviations below.
        min(times[k] for k in range(3)) > 0.1 * len(pond.parents)
        and sum(times[k] for k in range(3)) == len(pond.parents),
        what="each of the better half is as likely a parent as the others; told is how often each "
        "of the first five was",
        got=[times[k] for k in range(5)],
        hint="only-the-best-breeds" if len(times) == 1 else "better-half-too-small",
    )


@pytest.mark.task("a3_t8", points=1)
def test_best_ever_tried_is_returned(student: Student, draw: Draw) -> None:
    size, children = draw.integer(3, 5), draw.integer(6, 12)
    for place, holes in ((0, []), (size + 2, [1]), (size + children - 1, list(range(size)))):
        errors = falling(draw, size + children + 40) + 1.0
        errors[place] = 0.5
        errors[holes] = np.nan
        pond = Pond(errors, size)
        layers, error = evolved(student, pond, children, draw.integer(1, 99))
        wanted = int(np.nanargmin(errors[: size + children]))
        expect.true(
            layers_of(layers, "evolve returns the pair (layers, error)") == (100 + wanted,),
            what="evolve returns the best architecture that was ever tried; told is its number in "
            "order of birth",
            got=layers[0] - 100 if isinstance(layers, list) and layers else layers,
            expected=wanted,
            inputs={"errors in order of birth": errors[: size + children]},
            hint="best-was-lost",
        )
        expect.close(
            number(error, "the error is a number"),
            errors[wanted],
            what="beside it stands its error",
            rtol=1e-6,
        )
