"""What hidden tests are written with, and what runs them.

A hidden test is an ordinary pytest function with the fixtures ``student`` and
``draw``, marked with its task and its points::

    @pytest.mark.task("a1_t3", points=1)
    def test_velocity_is_kept(student: Student, draw: Draw) -> None: ...
"""

from autograder.grading import expect
from autograder.grading.draw import Draw
from autograder.grading.run import Submission, grade_notebook
from autograder.grading.spy import Spy
from autograder.grading.student import Student
from autograder.kernels import (
    Deadlock,
    Handle,
    MissingName,
    PerRank,
    RankFault,
    RankGroup,
    RanksDisagree,
    StudentDied,
    StudentFault,
    StudentRaised,
    StudentTimeout,
)

__all__ = [
    "Deadlock",
    "Draw",
    "Handle",
    "MissingName",
    "PerRank",
    "RankFault",
    "RankGroup",
    "RanksDisagree",
    "Spy",
    "Student",
    "StudentDied",
    "StudentFault",
    "StudentRaised",
    "StudentTimeout",
    "Submission",
    "expect",
    "grade_notebook",
]
