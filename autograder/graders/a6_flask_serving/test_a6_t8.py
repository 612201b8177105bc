"""Hidden tests of a6_t8, a load balancer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from autograder.grading import Draw, Handle, Student, expect

from .balancer_rules import OF_FAILING, OF_PICKING, ByOrder

_NAMES = ("north", "south", "east", "west", "centre")


class Walk:
    """Asks the student's balancer, the right one and the wrong ones the same, and compares."""

    def __init__(
        self, student: Student, names: list[str], mistakes: Sequence[str] = OF_PICKING
    ) -> None:
        self.theirs: Handle = student.new("Balancer", names)
        self.right = ByOrder(names)
        self.wrong = {mistake: ByOrder(names, mistake) for mistake in mistakes}
        self.told: list[str] = []

    def pick(self, what: str) -> str:
        """Expect the right pick; return it."""
        want = self.right.pick()
        got = self.theirs.call("pick")
        guesses: dict[str, Any] = {}
        for mistake, balancer in list(self.wrong.items()):
            guesses[mistake] = balancer.pick()
            if guesses[mistake] != want:
                del self.wrong[mistake]  # from here on it goes another way
        alike = [name for name, guess in guesses.items() if guess == got]  # one, or none is named
        expect.equal(
            got, want, what=what, inputs={"before": self.told[-12:]},
            misconceptions={alike[0]: got} if len(alike) == 1 and got != want else None,
        )  # fmt: skip
        self.told.append(f"pick() -> {want}")
        return want

    def tell(self, what: str, name: str) -> None:
        """Tell all of them what has happened to a server."""
        self.theirs.call(what, name)
        for balancer in (self.right, *self.wrong.values()):
            getattr(balancer, what)(name)
        self.told.append(f"{what}({name!r})")


@pytest.mark.task("a6_t8", points=2)
def test_fewest_in_hand_is_picked_and_equals_take_turns(student: Student, draw: Draw) -> None:
    names = [str(name) for name in draw.rng.permutation(_NAMES)[: draw.integer(3, 5)]]
    what = "the server with the fewest in hand is picked; of equals, who has waited longest"
    idle = Walk(student, names)
    for _ in range(len(names) + 1):
        idle.tell("finished", idle.pick(what))
    walk = Walk(student, names)
    for _ in range(2 * len(names)):
        walk.pick(what)
    for name in (names[1], names[0]):
        walk.tell("finished", name)
    for _ in range(3):
        walk.pick(what)
    for _ in range(40):
        busy = [name for name, count in walk.right.hand.items() if count]
        if busy and draw.rng.random() < 0.5:
            walk.tell("finished", draw.choice(busy))
        else:
            walk.pick(what)


@pytest.mark.task("a6_t8", points=2)
def test_server_that_is_down_is_left_out_until_it_recovers(student: Student, draw: Draw) -> None:
    names = [str(name) for name in draw.rng.permutation(_NAMES)[:3]]
    walk = Walk(student, names, (*OF_PICKING, *OF_FAILING))
    what = "who is down is not picked; who is up again has in hand what it still had"
    walk.tell("finished", walk.pick(what))
    for _ in range(6):
        walk.pick(what)
    down = draw.choice(names)
    walk.tell("failed", down)
    for _ in range(7):  # so many that what it still has in hand shows in the next ones
        walk.pick(what)
    walk.tell("recovered", down)
    for _ in range(7):
        walk.pick(what)
    for name in names:
        walk.tell("finished", name)
    for _ in range(4):
        walk.pick(what)
    lone = Walk(student, ["only"])
    lone.pick(what)
    lone.tell("failed", "only")
    expect.raises(
        lambda: lone.theirs.call("pick"),
        what="if no server is up, pick raises a RuntimeError",
        types=("RuntimeError",),
    )
    lone.tell("recovered", "only")
    lone.pick(what)


@pytest.mark.task("a6_t8", points=1)
def test_balancers_share_nothing(student: Student, draw: Draw) -> None:
    names = [str(name) for name in draw.rng.permutation(_NAMES)[: draw.integer(2, 4)]]
    first, second = student.put(names), Walk(student, names)
    walk = Walk(student, names)
    for _ in range(3):
        walk.pick("a balancer picks by what it has been told itself")
        second.pick("two balancers know nothing of each other")
    student.new("Balancer", first).call("pick")
    expect.equal(first.fetch(), names, what="the list of names stays as it is")


@pytest.mark.task("a6_t8", points=1)
def test_what_cannot_be_is_refused(student: Student, draw: Draw) -> None:
    names = [str(name) for name in draw.rng.permutation(_NAMES)[: draw.integer(2, 4)]]
    balancer = student.new("Balancer", names)
    expect.equal(balancer.call("pick"), names[0], what="the first pick is the first name")
    for method in ("finished", "failed", "recovered"):
        expect.raises(
            lambda method=method: balancer.call(method, "elsewhere"),
            what="a name that is not in the list is a ValueError",
            inputs={"method": method},
            hint="unknown-names",
        )
    for method in ("finished", "failed"):
        expect.raises(
            lambda method=method: balancer.call(method, names[1]),
            what="a server with nothing in hand can neither finish nor fail",
            inputs={"method": method},
            hint="less-than-nothing",
        )
    expect.equal(balancer.call("pick"), names[1], what="what was refused has changed nothing")
