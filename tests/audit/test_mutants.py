"""What holds for all mutants: valid, different from each other, and named in a stable way."""

from __future__ import annotations

import ast
import time
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.audit.mutants import make_mutants
from autograder.authoring import load_assignment, load_reference
from autograder.errors import UserError
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load_settings(ROOT)
few = settings(max_examples=25, deadline=None)
REFERENCE = load_reference(load_assignment("a1_sgd_vs_adam", SETTINGS), SETTINGS).answers

NORMALIZE = '''\
def normalize(x, eps=1e-6):
    """Return x less its mean, over its deviation: (x - mean) / std."""
    centred = x - np.mean(x, axis=0)  # 1 + 1
    if not np.any(x):
        raise ValueError(f"all {x.size + 1} entries are 0" + " == 0")
    return centred / (np.std(x, axis=0) + eps)
'''
UNTOUCHED = '''\
"""A docstring with 1 + 1."""

import numpy as np
from math import sqrt as root

limit: "dict[int, 3]"


@cached(size=3)
class Layer:
    """Two: 2."""

    def __repr__(self) -> str:
        return f"Layer({self.size + 1})" + str(2 * 3)

    def warn(self, size: Shape[3] = None) -> Shape[3]:
        print("size", 3 + 3)
        warnings.warn("size" + 1)
        raise ValueError("size" + str(3 * 3))
        return 3


if __name__ == "__main__":
    main(1 + 1)
'''
BODIES = st.lists(
    st.sampled_from(
        [
            "y = x @ w.T + b[:, None]",
            "y -= lr * np.mean(x, axis=1, keepdims=True)",
            "for i in range(1, n):\n    y[i] = x[i - 1]\n    if y[i] > 0.5:\n        continue",
            "while n > 0 and not done:\n    n -= 1",
            'if mode == "train" or n is None:\n    x = x.copy()\nelse:\n    x = -x[::2]',
            "x = x * 2 ** n / np.sqrt(np.exp(-x) + 1e-8)",
            "z = [np.where(a > 0, a, 0.0) for a in (x, y)]",
            "x, y = y, x",
            "z = g(x=x, y=y, n=n)",
            "z = (\n    1 / np.sqrt(\n        x\n        + y  # a sum\n    )\n)",
            "z = abs(\n    x\n    - y\n) + len([\n    w\n])",
            "w: float = (3 - n) // 2",
            "with open(n) as f: f.read(); n += 1",
            "try:\n    n = int(n)\nexcept ValueError:\n    raise",
            "match n:\n    case 0:\n        y = 1\n    case -1 | None:\n        y = 2",
            "f = lambda a, b=True: a if b else not a",
            "assert (n := n + 1) < 3, 'too many'",
            "del x[0], y",
            "return x.reshape(n, -1)[0, i] - y",
            "yield (x + y) * 1.0",
        ]
    ),
    min_size=1,
    max_size=6,
)


def answer_of(bodies: list[str]) -> str:
    lines = "\n".join(bodies).splitlines()
    return "def f(x, y, w, b, lr=0.1, n=3):\n" + "".join(f"    {line}\n" for line in lines)


@few
@given(BODIES)
def test_every_mutant_is_valid_and_unlike_all_others(bodies: list[str]) -> None:
    answer = answer_of(bodies)
    trees = [ast.dump(ast.parse(answer))]
    for mutant in make_mutants("z_t1", answer):
        compile(mutant.source, "mutant", "exec")
        trees.append(ast.dump(ast.parse(mutant.source)))
    assert len(trees) > 1
    assert len(set(trees)) == len(trees)


@few
@given(BODIES)
def test_mutants_are_the_same_each_time_and_in_the_order_of_lines(bodies: list[str]) -> None:
    mutants = make_mutants("z_t1", answer_of(bodies))
    assert mutants == make_mutants("z_t1", answer_of(bodies))
    lines = [mutant.line for mutant in mutants]
    assert lines == sorted(lines)


@few
@given(BODIES, st.sampled_from(["\n# note\n", "import math\n\n\n", "LIMITS = {}\n\n"]))
def test_keys_stay_when_lines_are_added_above(bodies: list[str], above: str) -> None:
    answer = answer_of(bodies)
    mutants, moved = make_mutants("z_t1", answer), make_mutants("z_t1", above + answer)
    assert [mutant.key for mutant in moved] == [mutant.key for mutant in mutants]
    assert len({mutant.key for mutant in mutants}) == len(mutants)
    assert {m.line - n.line for m, n in zip(moved, mutants, strict=True)} == {above.count("\n")}


@few
@given(BODIES)
def test_everything_but_the_lines_touched_stays_as_it_was(bodies: list[str]) -> None:
    answer = answer_of(bodies)
    for mutant in make_mutants("z_t1", answer):
        assert mutant.before != mutant.after
        old, new = answer.splitlines(), mutant.source.splitlines()
        first, touched = mutant.line - 1, len(mutant.before.splitlines())
        assert old[:first] == new[:first]
        assert old[first + touched :] == new[first + len(mutant.after.splitlines()) :]


def test_equal_lines_have_keys_of_their_own() -> None:
    mutants = make_mutants("z_t1", "y = a + b\ny = a + b\n")
    arithmetic = [mutant for mutant in mutants if mutant.operator == "arithmetic"]
    assert [(mutant.line, mutant.occurrence) for mutant in arithmetic] == [(1, 0), (2, 1)]
    assert arithmetic[0].key != arithmetic[1].key


def test_key_depends_on_the_task() -> None:
    (mutant, *_) = make_mutants("z_t1", NORMALIZE)
    assert replace(mutant, task="z_t2").key != mutant.key


def test_diff_shows_the_change_in_its_surroundings() -> None:
    (mutant,) = [m for m in make_mutants("z_t1", NORMALIZE) if m.after.startswith("if np.any")]
    assert mutant.diff == dedent(
        '''\
        --- z_t1: reference
        +++ z_t1: boolean
        @@ -2,5 +2,5 @@
             """Return x less its mean, over its deviation: (x - mean) / std."""
             centred = x - np.mean(x, axis=0)  # 1 + 1
        -    if not np.any(x):
        +    if np.any(x):
                 raise ValueError(f"all {x.size + 1} entries are 0" + " == 0")
             return centred / (np.std(x, axis=0) + eps)'''
    )


def test_what_nobody_should_test_is_never_mutated() -> None:
    mutants = make_mutants("z_t1", UNTOUCHED)
    assert [(mutant.before, mutant.after) for mutant in mutants] == [
        ('raise ValueError("size" + str(3 * 3))', "pass")
    ]


def test_comments_and_docstrings_survive_in_every_mutant() -> None:
    for mutant in make_mutants("z_t1", NORMALIZE):
        assert '"""Return x less its mean, over its deviation: (x - mean) / std."""' in (
            mutant.source
        )
        assert mutant.source.count("# 1 + 1") == 1


def test_sizes_are_never_raised_to_a_power() -> None:
    mutants = make_mutants("z_t1", "y = np.zeros(n * 9)\nz = x[: n * 9]\nx = list(range(n * 9))\n")
    assert mutants
    assert not any("**" in mutant.source for mutant in mutants)


@pytest.mark.parametrize("end", ["", "\n", "\n\n# done"])
def test_last_line_may_end_in_any_way(end: str) -> None:
    mutants = make_mutants("z_t1", "for x in xs:\n    g(x)" + end)
    assert ("g(x)", "g(x)\nbreak") in [(mutant.before, mutant.after) for mutant in mutants]


def test_answer_that_is_no_python_is_refused_with_its_task() -> None:
    with pytest.raises(UserError, match="z_t1"):
        make_mutants("z_t1", "def f(:\n")


def test_answer_without_code_has_no_mutants() -> None:
    assert make_mutants("z_t1", "# nothing\n") == []


@pytest.mark.parametrize(("task", "fewest", "most"), [("a1_t3", 50, 100), ("a1_t5", 90, 160)])
def test_real_reference_has_many_mutants_which_all_compile(
    task: str, fewest: int, most: int
) -> None:
    mutants = make_mutants(task, REFERENCE[task])
    assert fewest <= len(mutants) <= most
    assert len({mutant.operator for mutant in mutants}) >= 15
    for mutant in mutants:
        compile(mutant.source, task, "exec")


@pytest.mark.parametrize(
    ("task", "before", "after"),
    [
        ("a1_t3", "self.t += 1", "pass"),
        ("a1_t3", "return w - rate * self.v", "return w + rate * self.v"),
        ("a1_t3", "return w - rate * self.v", "w -= rate * self.v; return w"),
        ("a1_t5", "m_hat = self.m / (1.0 - self.beta1**self.t)", "m_hat = self.m"),
        ("a1_t5", "self.beta1 = beta1", "self.beta1 = beta2"),
        (
            "a1_t5",
            "def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):",
            "def __init__(self, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-06):",
        ),
        (
            "a1_t5",
            "return w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)",
            "return w - self.lr * m_hat / (v_hat + self.eps)",
        ),
    ],
)
def test_mutants_of_the_real_reference_include_known_mistakes(
    task: str, before: str, after: str
) -> None:
    made = [(mutant.before, mutant.after) for mutant in make_mutants(task, REFERENCE[task])]
    assert (before, after) in made


def test_three_hundred_lines_take_seconds() -> None:
    answer = "\n\n".join(REFERENCE["a1_t5"].replace("Adam", f"Adam{i}") for i in range(10))
    start = time.process_time()
    mutants = make_mutants("a1_t5", answer)
    assert len(answer.splitlines()) > 300
    assert len(mutants) == 10 * len(make_mutants("a1_t5", REFERENCE["a1_t5"]))
    assert time.process_time() - start < 6
