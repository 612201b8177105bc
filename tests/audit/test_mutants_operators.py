"""What each operator makes of small answers, and which it leaves alone."""

from __future__ import annotations

from textwrap import dedent

import pytest

from autograder.audit.mutants import make_mutants
from autograder.audit.mutants.operators import OPERATORS

# An answer, the lines an operator touches, and what it makes of them: all that it makes.
FIRES: list[tuple[str, str, str, list[str]]] = [
    ("arithmetic", "y = a + b", "y = a + b", ["y = a - b"]),
    ("arithmetic", "y = 1 / x**2", "y = 1 / x**2", ["y = 1 * x**2", "y = 1 / (x*2)"]),
    ("arithmetic", "y = x * 2", "y = x * 2", ["y = x / 2", "y = x ** 2"]),
    ("arithmetic", "y = x @ w", "y = x @ w", ["y = x * w"]),
    (
        "arithmetic",
        """\
        def f(a, b):
            return g(
                a  # the layout stays
                + b,
            )
        """,
        "+ b,",
        ["- b,"],
    ),
    ("arithmetic", "w -= step", "w -= step", ["w += step"]),
    (
        "term",
        "y = m / (s + eps)",
        "y = m / (s + eps)",
        ["y = m", "y = m / s", "y = m / eps"],
    ),
    ("term", "y = a / (b * c + d)", "y = a / (b * c + d)",
     ["y = a", "y = a / (b * c)", "y = a / d", "y = a / (b + d)", "y = a / (c + d)"]),
    ("operands", "y = a * b / c", "y = a * b / c", ["y = c / (a * b)"]),
    ("operands", "y = w @ x", "y = w @ x", ["y = x @ w"]),
    ("minus", "y = -np.log(p)", "y = -np.log(p)", ["y = np.log(p)"]),
    ("comparison", "y = a < b", "y = a < b", ["y = a <= b", "y = a >= b"]),
    ("comparison", "y = a != b", "y = a != b", ["y = a == b"]),
    ("comparison", "y = x is None", "y = x is None", ["y = x is not None"]),
    ("boolean", "y = a and not b", "y = a and not b", ["y = a or not b", "y = a and b"]),
    ("guard", "if a:\n    f()", "if a:", ["if False:", "if True:"]),
    ("guard", "y = a if c else b", "y = a if c else b", ["y = a", "y = b"]),
    ("integer", "y = x[3]", "y = x[3]", ["y = x[4]", "y = x[2]"]),
    ("integer", "y = x[-1]", "y = x[-1]", ["y = x[-2]", "y = x[0]"]),
    ("integer", "def f(steps=5):\n    g()", "def f(steps=5):",
     ["def f(steps=6):", "def f(steps=4):"]),
    ("float", "def f(lr=0.1):\n    g()", "def f(lr=0.1):", ["def f(lr=0.1001):"]),
    ("float", "def f(eps=1e-8):\n    g()", "def f(eps=1e-8):", ["def f(eps=1e-06):"]),
    ("float", "y = 1.0 - x", "y = 1.0 - x", ["y = 1.001 - x", "y = 0.0 - x"]),
    ("float", "y = 0.0", "y = 0.0", ["y = 1.0"]),
    ("sign", "y = 3 * x", "y = 3 * x", ["y = (-3) * x"]),
    ("sign", "y = x**2", "y = x**2", ["y = x**-2"]),
    ("flag", "f(x, train=True)", "f(x, train=True)", ["f(x, train=False)"]),
    ("text", 'y = mode == "train"', 'y = mode == "train"', ['y = mode == "train_"']),
    ("text", "y = d['loss']", "y = d['loss']", ["y = d['loss_']"]),
    (
        "range",
        "for i in range(n):\n    f(i)",
        "for i in range(n):",
        ["for i in range(n - 1):", "for i in range(n + 1):", "for i in range(1, n):"],
    ),
    ("slice", "y = x[:n]", "y = x[:n]", ["y = x[:n - 1]", "y = x[:n + 1]", "y = x[:]"]),
    ("slice", "y = x[1::2]", "y = x[1::2]", ["y = x[::2]", "y = x[1::]"]),
    ("index", "y = [x[i] for i in range(n)]", "y = [x[i] for i in range(n)]",
     ["y = [x[i - 1] for i in range(n)]", "y = [x[i + 1] for i in range(n)]"]),
    (
        "axis",
        "y = np.sum(x, axis=0)",
        "y = np.sum(x, axis=0)",
        ["y = np.sum(x, axis=1)", "y = np.sum(x, axis=-1)", "y = np.sum(x, axis=None)"],
    ),
    ("axis", "y = f(x, dim=1)", "y = f(x, dim=1)", ["y = f(x, dim=0)", "y = f(x, dim=None)"]),
    ("axis", "y = f(x, axis=(0, 1))", "y = f(x, axis=(0, 1))",
     ["y = f(x, axis=0)", "y = f(x, axis=1)"]),
    ("axis", "y = x.mean()", "y = x.mean()", ["y = x.mean(axis=0)"]),
    ("axis", "def f(x, axis=-1):\n    g()", "def f(x, axis=-1):",
     ["def f(x, axis=0):", "def f(x, axis=None):"]),
    ("keepdims", "f(x, keepdims=True)", "f(x, keepdims=True)", ["f(x, keepdims=False)"]),
    ("transpose", "y = x @ w.T", "y = x @ w.T", ["y = x.T @ w.T", "y = x @ w"]),
    ("transpose", "y = np.dot(a, b)", "y = np.dot(a, b)",
     ["y = np.dot(a.T, b)", "y = np.dot(a, b.T)"]),
    ("transpose", "y = 1 / np.swapaxes(a * b, 0, 1)", "y = 1 / np.swapaxes(a * b, 0, 1)",
     ["y = 1 / (a * b)"]),
    ("reshape", "y = x.reshape(n, d)", "y = x.reshape(n, d)",
     ["y = x.reshape(d, n)", 'y = x.reshape(n, d, order="F")']),
    ("reshape", "import torch\ny = x.view((n, d))", "y = x.view((n, d))", ["y = x.view((d, n))"]),
    ("indices", "y = x[:, None]", "y = x[:, None]", ["y = x[None, :]"]),
    ("arguments", "y = loss(a, b)", "y = loss(a, b)", ["y = loss(b, a)"]),
    ("arguments", "y = np.where(c, a, b)", "y = np.where(c, a, b)", ["y = np.where(c, b, a)"]),
    ("keyword", "f(a, p=1, dtype=float, axis=0)", "f(a, p=1, dtype=float, axis=0)",
     ["f(a, dtype=float, axis=0)", "f(a, p=1, axis=0)"]),
    ("keyword", "y = f(p=q)", "y = f(p=q)", ["y = f()"]),
    ("function", "y = np.sum(x)", "y = np.sum(x)", ["y = np.mean(x)"]),
    ("function", "y = np.zeros_like(x)", "y = np.zeros_like(x)", ["y = np.ones_like(x)"]),
    ("function", "y = x.argmax()", "y = x.argmax()", ["y = x.argmin()"]),
    ("function", "y = x.std()", "y = x.std()", ["y = x.var()", "y = x.std(ddof=1)"]),
    ("unapplied", "y = 1 / np.sqrt(a + b)", "y = 1 / np.sqrt(a + b)", ["y = 1 / (a + b)"]),
    ("unapplied", "y = np.maximum(0, z)", "y = np.maximum(0, z)", ["y = z"]),
    ("unapplied", "y = x.abs()", "y = x.abs()", ["y = x"]),
    ("exponent", "y = np.exp(a - b)", "y = np.exp(a - b)", ["y = np.exp(-(a - b))"]),
    ("overwritten", "for x in xs:\n    s += x", "s += x", ["s = x"]),
    (
        "accumulated",
        """\
        class A:
            def __init__(self):
                self.v = 0

            def step(self, g):
                self.v = g
        """,
        "self.v = g",
        ["self.v += g"],
    ),
    ("in-place", "x = x + y", "x = x + y", ["x += y"]),
    ("in-place", "def f(w, g):\n    return w - g", "return w - g", ["w -= g; return w"]),
    ("copy", "y = x.copy()", "y = x.copy()", ["y = x"]),
    ("copy", "y = copy.deepcopy(x)", "y = copy.deepcopy(x)", ["y = x"]),
    ("copy", "y = np.array(x)", "y = np.array(x)", ["y = np.asarray(x)"]),
    (
        "gradients",
        """\
        def step(self):
            with torch.no_grad():  # an update is no part of the model
                self.w -= self.w.grad
        """,
        "with torch.no_grad():  # an update is no part of the model",
        ["if True:  # an update is no part of the model"],
    ),
    ("dropped", "self.t += 1", "self.t += 1", ["pass"]),
    ("dropped", "self.v = g", "self.v = g", ["pass"]),
    ("dropped", "def f(x):\n    x = g(x)", "x = g(x)", ["pass"]),
    ("dropped", 'if c:\n    raise ValueError("c")', 'raise ValueError("c")', ["pass"]),
    (
        "loop-left",
        """\
        def f(xs):
            for x in xs:
                s += x
            return s  # the sum
        """,
        "s += x",
        ["s += x\nreturn s"],
    ),
    ("loop-left", "while c:\n    if a:\n        g()", "g()", ["g()\nbreak"]),
    ("loop-skipped", "for x in xs:\n    g(x)", "for x in xs:", ["for x in ():"]),
    ("loop-skipped", "while c:\n    g()", "while c:", ["while False:"]),
    ("loop-short", "for x in xs:\n    g(x)", "for x in xs:",
     ["for x in list(xs)[1:]:", "for x in list(xs)[:-1]:"]),
    ("returned-early", "def f(a):\n    g(a)\n    h(a)", "g(a)", ["g(a)\nreturn"]),
    (
        "returned-early",
        """\
        def f(a):
            b = g(a)
            c = h(b)
            return c
        """,
        "b = g(a)",
        ["b = g(a)\nreturn b"],
    ),
    ("name", "def f(w1, w2):\n    return g(w1)", "return g(w1)", ["return g(w2)"]),
    (
        "name",
        """\
        class A:
            def __init__(self, beta1, beta2):
                self.beta1, self.beta2 = 0, 0

            def f(self):
                return self.beta1
        """,
        "return self.beta1",
        ["return self.beta2"],
    ),
    ("result", "def f(a):\n    return a + b", "return a + b", ["return (a + b) * 1.001"]),
]  # fmt: skip

LEFT_ALONE = [
    ("arithmetic", 'y = "a" + b'),
    ("arithmetic", "y = [0] * n"),
    ("term", 'y = "%d" % x + "a"'),
    ("operands", "y = (a - b) ** 2"),
    ("operands", "y = np.abs(a - b)"),
    ("operands", "y = a + b"),
    ("minus", "y = np.sum(x, axis=-1)"),
    ("comparison", "y = a + b"),
    ("boolean", "y = a & b"),
    ("guard", 'if __name__ == "__main__":\n    f()'),
    ("guard", "while a:\n    f()"),
    ("integer", "y = np.sum(x, axis=0)"),
    ("float", "y = 3"),
    ("sign", "y = x + 3"),  # that is `x - 3`
    ("sign", "y = np.zeros(3)"),
    ("sign", "y = x[3]"),
    ("flag", "y = x.keepdims(None)"),
    ("text", 'f("train")'),
    ("text", 'raise ValueError("a" == "b")'),
    ("range", "for i in range(2, 5):\n    f(i)"),  # left to `integer`
    ("slice", "y = x[i]"),
    ("index", "for key in d:\n    y = d[key]"),
    ("axis", "y = max(x)"),
    ("keepdims", "f(x, train=True)"),
    ("transpose", "y = x * w"),
    ("reshape", "y = f(n, d)"),
    ("reshape", "import torch\ny = x.flatten()"),
    ("indices", "y = x[i, i]"),
    ("arguments", "y = np.maximum(a, b)"),
    ("arguments", "y = np.allclose(a, b)"),
    ("arguments", "y = f(a, a)"),
    ("arguments", "y = f(a, b=b)"),
    ("arguments", "y = f(*a, b)"),
    ("keyword", "f(a, keepdims=True, train=False, dim=0)"),
    ("gradients", "with np.errstate():\n    f()"),
    ("gradients", "with torch.no_grad() as n:\n    f()"),
    ("function", "y = sum(x)"),  # there is no built-in `mean`
    ("unapplied", "y = np.mean(x)"),
    ("exponent", "y = np.log(x)"),
    ("overwritten", "if c:\n    s = 0\n    s += x"),
    ("accumulated", "class A:\n    def step(self, g):\n        self.v = g"),
    ("in-place", "x = y + x"),
    ("in-place", "def f(w, g):\n    return a - g"),
    ("copy", "y = np.array([1, 2])"),
    ("copy", "y = list(range(n))"),
    ("dropped", "def f(x):\n    y = g(x)"),  # all that uses y would raise
    ("dropped", "while True:\n    break"),
    ("dropped", 'print("x")'),
    ("loop-left", "def f(xs):\n    for x in xs:\n        return x"),
    ("loop-skipped", "y = [x for x in xs]"),
    ("loop-short", "for x in itertools.count():\n    g(x)"),
    ("returned-early", "class A:\n    def __init__(self):\n        self.a = 1\n        self.b = 2"),
    ("name", "def f(x, y):\n    return len(x)"),
    ("name", "def f(m, w):\n    return m"),
    ("name", "def f(w1, w2):\n    if w1 is None:\n        g()"),
    ("result", "def f(a):\n    return np.argmax(a)"),
]


def changes(operator: str, answer: str) -> list[tuple[str, str]]:
    mutants = make_mutants("z_t1", dedent(answer))
    return [(mutant.before, mutant.after) for mutant in mutants if mutant.operator == operator]


@pytest.mark.parametrize(("operator", "answer", "before", "after"), FIRES)
def test_operator_makes_exactly_these(
    operator: str, answer: str, before: str, after: list[str]
) -> None:
    assert changes(operator, answer) == [(before, each) for each in after]


@pytest.mark.parametrize(("operator", "answer"), LEFT_ALONE)
def test_operator_leaves_alone(operator: str, answer: str) -> None:
    assert changes(operator, answer) == []


def test_every_operator_has_an_example_and_a_counterexample() -> None:
    names = {operator.name for operator in OPERATORS}
    assert len(OPERATORS) > len(names) > 30
    assert {operator for operator, *_ in FIRES} == names
    assert {operator for operator, _ in LEFT_ALONE} == names


def test_every_operator_says_which_mistake_it_imitates() -> None:
    for operator in OPERATORS:
        assert operator.edits.__doc__, operator.name
