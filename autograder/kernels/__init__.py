"""Running a student's notebook and calling into it, seen from the trusted side."""

from autograder.kernels.deadline import STOPPED, Budget, BudgetSpent
from autograder.kernels.faults import (
    MissingName,
    NotOnThisMachine,
    ServerFailed,
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
from autograder.kernels.serving import Answer, Exchange, Server
from autograder.kernels.shared import Asked, SharedSpy, Together
from autograder.kernels.watch import Watch

__all__ = [
    "STOPPED",
    "Answer",
    "Asked",
    "Budget",
    "BudgetSpent",
    "Deadlock",
    "Exchange",
    "Handle",
    "MissingName",
    "NotOnThisMachine",
    "NotebookRun",
    "PerRank",
    "RankFault",
    "RankGroup",
    "RankRaised",
    "RanksDisagree",
    "RemoteCopy",
    "Server",
    "ServerFailed",
    "SharedSpy",
    "StudentDied",
    "StudentFault",
    "StudentProcess",
    "StudentRaised",
    "StudentTimeout",
    "Together",
    "Unsendable",
    "Watch",
    "run_notebook",
]
