"""Refusing a module must not stumble over the module's own code."""

from __future__ import annotations

import subprocess
import sys

LAZY = """
import sys, types

inner, lazy = types.ModuleType("lazy.inner"), types.ModuleType("lazy")
sys.modules |= {"lazy.inner": inner, "lazy": lazy}  # inner is disarmed first
exec("def __getattr__(name): raise AttributeError(name)", vars(inner))
exec("def work(): return 1", vars(lazy))
lazy.inner = inner

from autograder.inside.policy import forbid
forbid(["lazy"])
try:
    lazy.work()
except RuntimeError as refused:
    print(refused)
"""


def test_module_with_its_own_getattr_is_refused_without_harm() -> None:
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "lazy.work is not allowed in this task\n"


ENUMERATION = """
import signal, sys, types

own = types.ModuleType("own")
sys.modules["own"] = own
exec("import enum\\nclass Kind(enum.IntEnum):\\n    ONE = 1", vars(own))

from autograder.inside.policy import forbid
forbid(["own"])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("other enumerations work")
"""


def test_enumeration_of_a_refused_module_leaves_all_others_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENUMERATION], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "other enumerations work\n"
