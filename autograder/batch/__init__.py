"""Grading a whole class: nbgrader's own converter in several processes, and one writer.

Plain ``nbgrader autograde`` gives the same marks; here one submission that goes wrong cannot
stop the others, several are graded at once, and a run that is killed goes on where it was.
"""

from autograder.batch.assignment import Assignment, check_assignment
from autograder.batch.course import Course, open_course
from autograder.batch.grade import Graded, Grader
from autograder.batch.journal import Journal
from autograder.batch.plan import Only
from autograder.batch.progress import show_progress
from autograder.batch.rehearsal import Change, changes
from autograder.batch.run import Batch, Watcher
from autograder.batch.session import grade_submissions, rehearse
from autograder.batch.visible import visible

__all__ = [
    "Assignment",
    "Batch",
    "Change",
    "Course",
    "Graded",
    "Grader",
    "Journal",
    "Only",
    "Watcher",
    "changes",
    "check_assignment",
    "grade_submissions",
    "open_course",
    "rehearse",
    "show_progress",
    "visible",
]
