"""A whole class in a few minutes: every nbgrader step for real, on one machine, as one user.

The hand-ins are known beforehand, right ones, wrong ones and damaged ones, and so is what
grading must make of each: the demo ends non-zero where it does not.
"""

from autograder.demo.run import run_demo

__all__ = ["run_demo"]
