"""In a real browser, moving a slider of a panel calls the student's own code, once."""

from __future__ import annotations

import pytest

from .conftest import Show

pytestmark = pytest.mark.slow

RACE = """
import course

class Mine:
    def __init__(self, lr, momentum=0.0):
        with open("asked.txt", "a") as log:
            print(lr, momentum, file=log)
        self.lr, self.momentum, self.v = lr, momentum, 0.0

    def step(self, w, g):
        self.v = self.momentum * self.v + g
        return w - self.lr * self.v

course.optimizer_race({"Mine": Mine}, start={"Mine": {"lr": 0.02}})
"""
"""A student's own optimizer, which writes down what it is asked for."""

CORES = """
import course

def chunks(n, workers):
    with open("asked.txt", "a") as log:
        print(n, workers, file=log)
    size, larger = divmod(n, workers)
    ends = [w * size + min(w, larger) for w in range(workers + 1)]
    return [(a, b) for a, b in zip(ends, ends[1:]) if a < b]

course.cores_panel(chunks, workers=4)
"""
"""A student's own chunks, written down likewise."""

CHAIN = """
import numpy as np
import course

def chain_links(x):
    with open("asked.txt", "a") as log:
        print(x, file=log)
    u = np.sin(x)
    w = np.exp(-u**2)
    return [np.cos(x), 2.0 * u, -w, -np.sin(w)]

course.chain_stepper(chain_links, x=1.0)
"""
"""A student's own chain, which writes down where it is asked for its links."""

CHECKER = """
import numpy as np
import course

def numeric_gradient(f, w, h=1e-5):
    with open("asked.txt", "a") as log:
        print(h, file=log)
    steps = h * np.eye(len(w))
    return np.array([(f(w + step) - f(w - step)) / (2 * h) for step in steps])

course.checker_scope(numeric_gradient, h=1e-5)
"""
"""A student's own numeric gradient, which writes down how far it is to look."""


def test_race_gives_the_sliders_value_to_the_students_own_class(show: Show) -> None:
    sheet = show(RACE)
    assert sheet.asked() == ["0.02 0.0"]
    sheet.drag("momentum", 60)
    sheet.keep("race")
    asked = [float(line.split()[1]) for line in sheet.asked()]
    assert len(asked) == 2, "it ran while the slider was still moving"
    assert asked[-1] > 0.05


def test_cores_are_cut_by_the_students_own_chunks(show: Show) -> None:
    sheet = show(CORES)
    sheet.drag("workers", 50)
    sheet.keep("cores")
    asked = [line.split() for line in sheet.asked()]
    assert asked[0] == ["24", "4"]
    assert len(asked) == 2, "it ran while the slider was still moving"
    assert int(asked[-1][1]) > 4


def test_moving_x_asks_the_students_own_chain_for_its_links(show: Show) -> None:
    sheet = show(CHAIN)
    assert sheet.asked() == ["1.0"]
    sheet.drag("x", -60)
    sheet.keep("chain")
    asked = [float(line) for line in sheet.asked()]
    assert len(asked) == 2, "it ran while the slider was still moving"
    assert -3.0 <= asked[1] < 0.9


def test_moving_h_asks_the_students_own_gradient_once(show: Show) -> None:
    sheet = show(CHECKER)
    earlier = len(sheet.asked())
    sheet.drag("h", 40)
    sheet.keep("checker")
    asked = [float(line) for line in sheet.asked()[earlier:]]
    assert len(asked) == 1, "it ran while the slider was still moving"
    assert 1e-5 < asked[0] <= 1.0
