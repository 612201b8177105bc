"""Assignments whose tests stand in the notebook, as plain nbgrader has them.

The test cells run in the student's confined process, and nbgrader's own rules turn what they show
into marks. What runs there can be made to pass by a submission that sets out to: every result
says so.
"""

from autograder.classic.choice import is_classic
from autograder.classic.kernel import KernelRefused, find_kernel
from autograder.classic.made import keep_made
from autograder.classic.marks import read_marks
from autograder.classic.outline import Outline, merge, read_outline
from autograder.classic.run import run_cells, try_kernel

__all__ = [
    "KernelRefused",
    "Outline",
    "find_kernel",
    "is_classic",
    "keep_made",
    "merge",
    "read_marks",
    "read_outline",
    "run_cells",
    "try_kernel",
]
