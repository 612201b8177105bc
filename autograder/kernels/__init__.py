"""Running a student's notebook and calling into it, seen from the trusted side."""

from autograder.kernels.deadline import Budget, BudgetSpent
from autograder.kernels.faults import (
    MissingName,
    StudentDied,
    StudentFault,
    StudentRaised,
    StudentTimeout,
    Unsendable,
)
from autograder.kernels.notebook import NotebookRun, run_notebook
from autograder.kernels.process import StudentProcess
from autograder.kernels.ranks import (
    Deadlock,
    PerRank,
    RankFault,
    RankGroup,
    RankRaised,
    RanksDisagree,
)
from autograder.kernels.remote import Handle, RemoteCopy

__all__ = [
    "Budget",
    "BudgetSpent",
    "Deadlock",
    "Handle",
    "MissingName",
    "NotebookRun",
    "PerRank",
    "RankFault",
    "RankGroup",
    "RankRaised",
    "RanksDisagree",
    "RemoteCopy",
    "StudentDied",
    "StudentFault",
    "StudentProcess",
    "StudentRaised",
    "StudentTimeout",
    "Unsendable",
    "run_notebook",
]
