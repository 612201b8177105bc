"""What an audit measures, and how it chooses what each answer meets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.audit.cache import Cache
from autograder.audit.margins import margin_findings, margins
from autograder.audit.mutants import make_mutants
from autograder.audit.mutation import OpenPart
from autograder.audit.pace import Pace
from autograder.audit.repeats import CONDITIONS, Conditions, load, slow_runs
from autograder.audit.trial import Seen, Trial, TrialResult, by_file
from autograder.authoring.marked import Marked
from autograder.outcomes import Outcome

QUICK = Marked("test_quick", "b1_t1", Path("test_a.py"), 1, 1.0)
SLOW = Marked("test_slow", "b1_t2", Path("test_b.py"), 1, 1.0)


def seen(test: Marked, outcome: Outcome = Outcome.PASSED, **more: object) -> Seen:
    plain = {"file": test.path.name, "test": test.name, "task": test.task, "term": "", "seed": 1}
    return Seen.model_validate({**plain, "outcome": outcome, **more})


def test_margin_is_between_worst_right_and_best_wrong() -> None:
    failed = Outcome.FAILED
    (found,) = margins(
        [
            ("loops", TrialResult(seen=(seen(QUICK, excess={"test_a.py:9": 0.1}),))),
            ("float32", TrialResult(seen=(seen(QUICK, excess={"test_a.py:9": 0.5}),))),
        ],
        [
            ("far", TrialResult(seen=(seen(QUICK, failed, excess={"test_a.py:9": 90.0}),))),
            ("near", TrialResult(seen=(seen(QUICK, failed, excess={"test_a.py:9": 2.0}),))),
            ("within", TrialResult(seen=(seen(QUICK, excess={"test_a.py:9": 0.9}),))),
        ],
    )
    assert (found.worst_right, found.worst_right_variant) == (0.5, "float32")
    assert (found.best_wrong, found.best_wrong_variant) == (2.0, "near")
    said = [finding.problem for finding in margin_findings([found])]
    assert len(said) == 2
    assert "50 %" in said[0]
    assert "2 tolerances" in said[1]


def test_pace_tells_slow_tests_and_gives_time_to_answers_that_may_hang() -> None:
    pace = Pace()
    pace.measure(TrialResult(seen=(seen(QUICK, seconds=0.01), seen(SLOW, seconds=1.5))))
    assert pace.split([QUICK, SLOW]) == ([QUICK], [SLOW])
    assert pace.call_cpu_s("b1_t1") == 2.0
    assert pace.call_cpu_s("b1_t1", "b1_t2") == 15.0


@pytest.mark.parametrize(("runs", "slow"), [(0, 0), (3, 3), (50, 5), (1000, 50)])
def test_slow_tests_are_repeated_less_often(runs: int, slow: int) -> None:
    assert slow_runs(runs) == slow


def test_conditions_share_all_runs() -> None:
    assert sum(conditions.share for conditions in CONDITIONS) == pytest.approx(1.0)


def test_open_part_holds_the_mutants_of_its_function_only() -> None:
    answer = "def rule(x):\n    return x + 1\n\n\ndef fit(x):\n    return x * 3.5\n"
    part = OpenPart(task="b1_t1", function="fit", reason="any function that fits well is right")
    held = {part.holds(mutant) for mutant in make_mutants("b1_t1", answer) if mutant.line == 2}
    assert held == {False}
    inside = [mutant for mutant in make_mutants("b1_t1", answer) if mutant.line >= 5]
    assert inside
    assert all(part.holds(mutant) for mutant in inside)
    assert not any(part.holds(mutant) for mutant in make_mutants("b1_t2", answer))


def test_key_changes_with_what_decides_and_with_nothing_else() -> None:
    digests = {"": "engine", "test_a.py": "1", "test_b.py": "2"}
    trial = Trial("loops", {"b1_t1": "x = 1"}, by_file([QUICK, SLOW]))
    key = trial.key(["test_a.py"], digests)
    assert (
        Trial("other name", {"b1_t1": "x = 1"}, by_file([QUICK])).key(["test_a.py"], digests) == key
    )
    assert trial.key(["test_a.py"], {**digests, "test_b.py": "3"}) == key
    assert trial.key(["test_a.py"], {**digests, "test_a.py": "3"}) != key
    assert trial.key(["test_a.py"], {**digests, "": "another engine"}) != key
    assert Trial("loops", {"b1_t1": "x = 2"}, by_file([QUICK])).key(["test_a.py"], digests) != key


def test_damaged_cache_entry_counts_as_missing(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    result = TrialResult(seen=(seen(QUICK),))
    cache.put("abcd", result)
    assert cache.get("abcd") == result
    (path,) = tmp_path.glob("*/*.json")
    path.write_text(path.read_text()[:-20])
    assert cache.get("abcd") is None
    assert cache.get("ffff") is None


def test_load_keeps_the_processors_busy_and_ends() -> None:
    others = set(psutil.Process().children())  # a sandbox that an earlier test keeps warm
    with load(Conditions(1.0, threads=1, busy=True)):
        burners = set(psutil.Process().children()) - others
        time.sleep(0.3)
        assert len(burners) >= (os.cpu_count() or 1)
    assert not any(burner.is_running() for burner in burners)


def test_load_ends_when_whoever_made_it_is_killed() -> None:
    script = (
        "import time\nfrom autograder.audit.repeats import CONDITIONS, load\n"
        "with load(CONDITIONS[-1]):\n    print('on', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        burners = psutil.Process(process.pid).children()
        process.kill()
    _, alive = psutil.wait_procs(burners, timeout=20)
    assert burners
    assert not alive
