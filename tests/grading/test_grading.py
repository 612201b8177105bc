"""Outcomes, messages and hints of real hidden tests on real submissions."""

from __future__ import annotations

import gc
import signal
import time
from pathlib import Path

import pytest

from autograder import termination
from autograder.grading import grade_notebook
from autograder.grading.engine import Engine
from autograder.grading.judge import GRADER_ERROR
from autograder.grading.suite import Suite
from autograder.outcomes import Outcome
from autograder.settings import Settings

from .conftest import GOOD, SUBMISSION, Grade, as_notebook, by_name

DEAF = """
import time
while True:
    try:
        time.sleep(100)
    except KeyboardInterrupt:
        pass
"""
"""A cell that will not be interrupted."""

HEADER = """
import pytest
from autograder.grading import Draw, Spy, Student, StudentRaised, expect
"""


def test_right_answer_gets_every_point(grade: Grade) -> None:
    result = grade(GOOD)
    (task,) = result.tasks
    assert result.outcome is Outcome.PASSED
    assert task.score == task.max_points == 3
    assert result.tier in {"T1", "T2", "T3", "T4"}


def test_known_misconception_is_named_on_a_small_disclosed_example(grade: Grade) -> None:
    test = by_name(grade(GOOD.replace("2 * x", "x + 2")))["test_doubles"]
    assert test.outcome is Outcome.FAILED
    assert test.hint == "added-two"
    assert "not adding two" in test.hint_text
    assert "Doubling" in test.hint_text
    assert "double(x) is twice x" in test.message
    assert "expected" in test.message
    shown = test.message.split("x = ")[1].splitlines()[0]
    assert len(shown) < 20, shown  # two rounded numbers


def test_partial_credit_is_the_points_of_the_tests_that_pass(grade: Grade) -> None:
    result = grade(GOOD.replace("n += 1", "n = 7"))
    assert result.tasks[0].score == 2
    assert result.outcome is Outcome.FAILED


def test_one_failing_case_fails_a_parametrised_test(grade: Grade) -> None:
    test = by_name(grade(GOOD.replace("return 2 * x", "return 2 * x if len(x) else None")))
    assert test["test_small_sizes"].outcome is Outcome.FAILED
    assert test["test_doubles"].outcome is Outcome.PASSED


def test_empty_notebook_scores_zero_and_says_what_is_missing(grade: Grade) -> None:
    result = grade("")
    assert result.tasks[0].score == 0
    assert "does not define `double`" in by_name(result)["test_doubles"].message


def test_misspelt_name_is_pointed_out(grade: Grade) -> None:
    message = by_name(grade(GOOD.replace("def double", "def duoble")))["test_doubles"].message
    assert "`duoble`" in message


def test_stub_is_told_it_is_not_written(grade: Grade) -> None:
    stub = GOOD.replace("return 2 * x", "raise NotImplementedError('tiny_t1')")
    assert "not written yet" in by_name(grade(stub))["test_doubles"].message


def test_exception_names_line_and_text(grade: Grade) -> None:
    broken = GOOD.replace("return 2 * x", "y = 1\n    return x.doubled + y")
    message = by_name(grade(broken))["test_doubles"].message
    assert "AttributeError" in message
    assert "line 5" in message
    assert "x.doubled" in message


def test_odd_results_fail_the_test_and_are_no_grader_error(grade: Grade) -> None:
    for odd in (
        "None",
        "object()",
        "'text'",
        "[[1], [1, 2]]",
        "lambda: 1",
        "{}",
        "float('nan')",
        "np.array([object()])",
        "type('A', (np.ndarray,), {})((2,))",
        "10**400",
        "10**1200",
        "[10**1200]",
    ):
        result = grade(GOOD.replace("return 2 * x", f"return {odd}"))
        assert by_name(result)["test_doubles"].outcome is Outcome.FAILED, odd


def test_object_that_claims_to_equal_everything_does_not_pass(grade: Grade) -> None:
    liar = (
        "class Liar:\n    def __eq__(self, other): return True\n    def __hash__(self): return 1\n"
    )
    result = grade(liar + GOOD.replace("return n", "return Liar()"))
    assert by_name(result)["test_state_is_fresh"].outcome is Outcome.FAILED


def test_each_test_meets_the_state_that_the_notebook_left(grade: Grade) -> None:
    """Two tests that both count from one would disturb each other in one process."""
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=1)
def test_one(student: Student) -> None:
    expect.equal(student.call("count"), 1, what="first")

@pytest.mark.task("tiny_t1", points=2)
def test_two(student: Student) -> None:
    expect.equal(student.call("count"), 1, what="first")
"""
    )
    assert grade(GOOD, grader=grader).outcome is Outcome.PASSED


def test_endless_call_fails_only_its_test(grade: Grade) -> None:
    tests = by_name(grade(GOOD.replace("return 2 * x", "\n    while True: pass")))
    assert tests["test_doubles"].outcome is Outcome.FAILED
    assert "CPU seconds" in tests["test_doubles"].message
    assert tests["test_state_is_fresh"].outcome is Outcome.PASSED


@pytest.mark.slow
def test_sleeping_call_fails_after_the_backstop(grade: Grade) -> None:
    tests = by_name(grade(GOOD.replace("return 2 * x", "import time; time.sleep(600)")))
    assert "seconds of waiting" in tests["test_doubles"].message
    assert tests["test_state_is_fresh"].outcome is Outcome.PASSED


@pytest.mark.parametrize("where", ["in a cell", "in a cell that goes on", "in the calls"])
def test_submission_that_holds_up_the_batch_is_stopped_and_not_graded(
    tiny: Path, fast_settings: Settings, engine: Engine, where: str
) -> None:
    """A clock stops it, so it is no zero; and the next submission is graded as ever."""
    settings = fast_settings.model_copy(update={"submission_wall_s": 3.0})
    wait = "import time; time.sleep(2)"
    cells = {
        "in a cell": [wait, wait, GOOD],
        "in a cell that goes on": [DEAF, GOOD],
        "in the calls": [GOOD.replace("return 2 * x", wait)],
    }[where]
    started = time.monotonic()
    result = grade_notebook(as_notebook(*cells), SUBMISSION, settings, engine)
    assert time.monotonic() - started < 15
    assert result.outcome is Outcome.NOT_GRADED
    assert "3 seconds in all" in result.model_dump_json()
    assert grade_notebook(as_notebook(GOOD), SUBMISSION, settings, engine).outcome is Outcome.PASSED


def test_exit_in_a_call_fails_only_its_test(grade: Grade) -> None:
    tests = by_name(grade(GOOD.replace("return 2 * x", "import os; os._exit(0)")))
    assert tests["test_doubles"].outcome is Outcome.FAILED
    assert "ended" in tests["test_doubles"].message
    assert tests["test_state_is_fresh"].outcome is Outcome.PASSED


def test_forbidden_library_is_refused_in_graded_calls_only(grade: Grade) -> None:
    source = "import statistics\nfine = statistics.mean([1, 2])\n"
    source += GOOD.replace("return 2 * x", "return statistics.mean([x, 3 * x])")
    message = by_name(grade(source))["test_doubles"].message
    assert "statistics.mean is not allowed" in message


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise KeyError('a secret of the grader')", "the grader's own exception"),
        ("assert 1 == 2, 'a secret of the grader'", "a plain assert has no words for a student"),
        ("pass", "a test that calls nothing"),
        ("student.call('count')", "a test that expects nothing"),
        ("pytest.skip('a secret of the grader')", "a skipped test"),
        ("import sys; sys.exit(0)", "a grader that leaves"),
    ],
)
def test_grader_that_proves_nothing_is_not_graded(grade: Grade, body: str, why: str) -> None:
    grader = (
        HEADER
        + f"""
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student) -> None:
    {body}
"""
    )
    result = grade(GOOD, grader=grader)
    assert result.outcome is Outcome.NOT_GRADED, why
    assert result.tasks[0].score is None
    assert "secret" not in result.model_dump_json()


@pytest.mark.parametrize(
    "grader",
    [
        "def broken(:\n",
        "import no_such_module\n",
        "x = 1\n",
        HEADER
        + """
@pytest.fixture
def failing(): raise RuntimeError("broken fixture")

@pytest.mark.task("tiny_t1", points=3)
def test_it(student, failing):
    expect.equal(student.call("count"), 1, what="first")
""",
    ],
)
def test_grader_that_does_not_load_is_not_graded(grade: Grade, grader: str) -> None:
    result = grade(GOOD, grader=grader)
    assert result.outcome is Outcome.NOT_GRADED
    assert GRADER_ERROR in result.model_dump_json()


def test_hidden_test_may_use_fixtures_of_its_own_and_of_pytest(grade: Grade) -> None:
    grader = (
        HEADER
        + """
@pytest.fixture
def one(request, pytestconfig): return int(request.node.name == "test_it")

@pytest.mark.task("tiny_t1", points=3)
def test_it(student, one, tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert tmp_path.is_dir() and tmp_path_factory
    expect.equal(student.call("count"), one, what="count() counts from one")
"""
    )
    assert grade(GOOD, grader=grader).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("way", "name"),
    [("from .shared import WANTED", "WANTED"), ("from . import shared", "shared.WANTED")],
)
def test_hidden_tests_may_share_a_module(grade: Grade, tiny: Path, way: str, name: str) -> None:
    shared = tiny / "graders/tiny/shared.py"
    grader = (
        HEADER
        + f"""
{way}

@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student) -> None:
    expect.equal(student.call("count"), {name}, what="first")
"""
    )
    shared.write_text("WANTED = 1\n")
    assert grade(GOOD, grader=grader).outcome is Outcome.PASSED
    shared.write_text("WANTED = 1000\n")
    assert grade(GOOD, grader=grader).outcome is Outcome.FAILED
    shared.unlink()


def test_hidden_inputs_stay_out_of_the_message(grade: Grade) -> None:
    """A property that only large inputs break is reported without the inputs."""
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student, draw: Draw) -> None:
    x = draw.array(draw.integer(2, 2) if draw.disclosed else 31)
    expect.close(student.call("double", x), 2 * x, what="doubles", inputs={"x": x})
"""
    )
    source = GOOD.replace(
        "return 2 * x", "return 2 * x if len(x) < 5 else str(1 / len([]) if 0 else x)"
    )
    message = by_name(grade(source, grader=grader))["test_it"].message
    assert "x =" not in message
    assert "hidden inputs" in message


def test_callback_is_counted_on_the_trusted_side(grade: Grade) -> None:
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student) -> None:
    spy = Spy(lambda t: t * 10)
    expect.equal(student.call("apply", spy, 4), [0, 10, 20, 30], what="applies")
    expect.equal([args for args in spy.calls], [(0,), (1,), (2,), (3,)], what="once each, in order")
"""
    )
    assert (
        grade("def apply(f, n): return [f(i) for i in range(n)]", grader=grader).outcome
        is Outcome.PASSED
    )
    forged = "def apply(f, n): return [0, 10, 20, 30]"
    assert grade(forged, grader=grader).outcome is Outcome.FAILED


@pytest.mark.parametrize("place", ["inside", "between"])
def test_program_that_is_told_to_end_gives_no_result(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """pytest would take it for the failure of a test, and go on."""
    told = "os.kill(os.getpid(), signal.SIGTERM)"
    grader = (
        HEADER
        + f"""
import os, signal

@pytest.fixture
def between():
    yield
    {told if place == "between" else ""}

@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student, between: None) -> None:
    expect.equal(student.call("count"), 1, what="counts")
    {told if place == "inside" else ""}
"""
    )
    monkeypatch.setattr(termination, "_told", False)
    before = signal.getsignal(signal.SIGTERM)
    termination.end_when_told()
    try:
        with pytest.raises(termination.Terminated):
            grade(GOOD, grader=grader)
    finally:
        signal.signal(signal.SIGTERM, before)


CALLS_BACK = (
    HEADER
    + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student, draw: Draw) -> None:
    x = draw.array(draw.integer(3, 9), 2)
    def line(z):
        {body}
    expect.close(student.call("apply", line, x), 2.0 * x.sum(axis=1), what="applies")
"""
)
LINE = "return z @ [2.0, 2.0]"


def test_arguments_that_break_a_callback_are_the_students_mistake(grade: Grade) -> None:
    """Most of them need no more than one forgotten or superfluous transposition."""
    grader = CALLS_BACK.format(body=LINE)
    assert grade("def apply(f, x): return f(x)", grader=grader).outcome is Outcome.PASSED
    for wrong in ("x.T", "x[:, :1]", "None", "", "x, x", "object()", "z=x, y=x", "[[1], [1, 2]]"):
        test = by_name(grade(f"def apply(f, x):\n    return f({wrong})", grader=grader))["test_it"]
        assert test.outcome is Outcome.FAILED, wrong
        assert "called a function that it was given with arguments which" in test.message
        assert "line 2 of the cell" in test.message
    assert "TypeError" in test.message


def test_student_may_catch_what_a_callback_raises(grade: Grade) -> None:
    wrong = "def apply(f, x):\n    try:\n        return f(x.T)\n    except Exception:"
    answer = f"{wrong}\n        return f(x)"
    assert grade(answer, grader=CALLS_BACK.format(body=LINE)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("raise LookupError('0.25 was expected')", Outcome.FAILED),
        ("expect.true(len(z) == 0, what='f meets no rows')", Outcome.FAILED),
        ("assert len(z) == 0", Outcome.NOT_GRADED),
        ("return not_defined", Outcome.NOT_GRADED),
        ("return open('/there/is/no/such/file')", Outcome.NOT_GRADED),
        ("pytest.skip('no')", Outcome.NOT_GRADED),
    ],
)
def test_what_a_callback_raises_decides_whose_fault_it_is(
    grade: Grade, body: str, outcome: Outcome
) -> None:
    result = grade("def apply(f, x): return f(x)", grader=CALLS_BACK.format(body=body))
    assert by_name(result)["test_it"].outcome is outcome


def test_words_of_a_callback_never_quote_hidden_inputs(grade: Grade) -> None:
    body = "raise ValueError(f'hidden {z.sum()}' if len(z) > 3 else 'shown')"
    source = "def apply(f, x):\n    return f(x) if len(x) > 3 else x.sum(axis=1) * 2"
    message = by_name(grade(source, grader=CALLS_BACK.format(body=body)))["test_it"].message
    assert message.endswith("arguments which that function cannot take.")


def test_mutation_is_seen_through_a_handle(grade: Grade) -> None:
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student, draw: Draw) -> None:
    x = draw.array(3)
    held = student.put(x)
    expect.close(student.call("double", held), 2 * x, what="doubles")
    expect.unchanged(held, x, what="x is left as it was")
"""
    )
    assert grade(GOOD, grader=grader).outcome is Outcome.PASSED
    mutating = GOOD.replace("return 2 * x", "x *= 2\n    return x")
    assert "left as it was" in by_name(grade(mutating, grader=grader))["test_it"].message


def test_same_submission_gets_the_same_result_every_time(grade: Grade) -> None:
    source = GOOD.replace("2 * x", "x + 2")
    assert len({grade(source).model_dump_json() for _ in range(3)}) == 1


def test_student_cannot_reach_the_tests_from_a_callback_frame(grade: Grade) -> None:
    """The callable that arrives is a proxy in the student's process: no frame, no source."""
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student) -> None:
    canary = "cAnArY"
    expect.equal(student.call("look", lambda: canary and 1), False, what="sees nothing")
"""
    )
    look = (
        "import gc\ndef look(f):\n    f()\n"
        "    return 'cAn' + 'ArY' in str([o for o in gc.get_objects() if type(o) is dict])"
    )
    assert grade(look, grader=grader).outcome is Outcome.PASSED


FORGE = """

import gc, numpy as np
from autograder.codec import encode
from autograder.inside import calls, child
me = [o for o in gc.get_objects() if type(o) is child._Child][0]
"""


@pytest.mark.parametrize(
    "attack",
    [
        "calls.Calls.hold = lambda self, value: 5",
        "calls.Calls.answer = lambda self, request: encode({'status': np.arange(3)})",
        "calls.Calls.answer = lambda self, request: encode({'event': 'callback', 'id': 99})",
        "calls.Calls.answer = lambda self, request: encode([1])",
        "calls.Calls.answer = lambda self, request: b'garbage'",
        "calls.Calls.answer = lambda self, request: encode("
        "{'status': 'missing', 'name': 'a' * 9000, 'defined': ['b' * 9000, 3]})",
    ],
)
def test_forged_answers_fail_and_are_no_grader_error(grade: Grade, attack: str) -> None:
    grader = (
        HEADER
        + """
@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student) -> None:
    held = student.put([1, 2])
    expect.equal(held.fetch(), [1, 2], what="comes back")
"""
    )
    assert grade(GOOD + FORGE + attack, grader=grader).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    "event",
    [
        "{'event': np.arange(3)}",
        "{'event': 'message', 'type': [1], 'content': {}}",
        "{'event': 'message', 'type': 'display_data', 'content': {'data': {(1, 2): 3}}}",
        "{'event': 'message', 'type': 'display_data', 'content': {'data': 5, 'metadata': []}}",
        "{'event': 'done', 'success': True, 'count': -(10**1200)}",
    ],
)
def test_forged_events_of_a_cell_break_nothing_outside(grade: Grade, event: str) -> None:
    """The cell that forges may cost its own submission; it is graded all the same."""
    result = grade(GOOD, FORGE + f"me._channel.send(encode({event}))")
    assert result.outcome in (Outcome.PASSED, Outcome.FAILED)


def test_test_sessions_of_earlier_submissions_are_let_go(grade: Grade) -> None:
    """pytest would remember all of them, and take longer for each than for the one before."""
    for _ in range(3):
        grade(GOOD)
    gc.collect()
    assert sum(type(thing) is Suite for thing in gc.get_objects()) <= 1
