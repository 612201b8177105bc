"""What confinement costs a submission: set-up and tear-down, with all layers and with fewer.

Set-up is from asking for a process to its first answer, with every layer on; tear-down is
ending everything of the submission and emptying its scratch. A submission of which a test
fails, or which has exploratory cells, pays both twice. Run it on a quiet machine::

    python benchmarks/confinement.py --rounds 50
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from autograder.kernels import Budget, StudentProcess
from autograder.sandbox import Confinement, WarmParent, choose_confinement
from autograder.settings import Settings, load_settings

LIMIT_MS = 30.0
WITHOUT = (
    ("every layer", frozenset[str]()),
    ("without landlock and seccomp", frozenset({"landlock", "seccomp"})),
    ("without counting memory together", frozenset({"memory"})),
)


def measure(confinement: Confinement, settings: Settings, rounds: int) -> dict[str, float]:
    """Return milliseconds over many submissions that do nothing: medians, and the least in all."""
    up, down = [], []
    with WarmParent(confinement) as parent:
        for _ in range(rounds):
            process: StudentProcess | None = None

            def start() -> None:
                nonlocal process
                process = StudentProcess(parent, settings, 1, Budget(60))
                process.put_files({})

            up.append(_milliseconds(start))
            assert process is not None
            process.run_cell("x = 1", lambda kind, content: None)
            process.close()
            down.append(_milliseconds(parent.clean))
    both = [first + second for first, second in zip(up, down, strict=True)]
    parts = {"set-up": up, "tear-down": down, "both": both}
    medians = {name: statistics.median(values) for name, values in parts.items()}
    return {**medians, "least": min(both)}


def _milliseconds(step: Callable[[], None]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def main() -> int:
    """Print the table, and its figures as JSON; return 1 if the full set costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(folder)
        for name, off in WITHOUT:
            confinement = choose_confinement(off=off)
            figures[name] = measure(confinement, settings, rounds)
            row = ", ".join(f"{part} {value:.1f}" for part, value in figures[name].items())
            print(f"{confinement.tier}, {name}: {row} ms (median of {rounds})")
    print(json.dumps(figures))
    return 0 if figures["every layer"]["both"] < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
