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
    Answer,
    Asked,
    Deadlock,
    Exchange,
    Handle,
    MissingName,
    PerRank,
    RankFault,
    RankGroup,
    RanksDisagree,
    Server,
    ServerFailed,
    SharedSpy,
    StudentDied,
    StudentFault,
    StudentRaised,
    StudentTimeout,
    Together,
    Watch,
)

__all__ = [
    "Answer",
    "Asked",
    "Deadlock",
    "Draw",
    "Exchange",
    "Handle",
    "MissingName",
    "PerRank",
    "RankFault",
    "RankGroup",
    "RanksDisagree",
    "Server",
    "ServerFailed",
    "SharedSpy",
    "Spy",
    "Student",
    "StudentDied",
    "StudentFault",
    "StudentRaised",
    "StudentTimeout",
    "Submission",
    "Together",
    "Watch",
    "expect",
    "grade_notebook",
]
