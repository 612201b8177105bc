"""Grading a whole class: nbgrader's own converter, once for each student.

Plain ``nbgrader autograde`` gives the same marks; here one submission that goes wrong cannot
stop the others, and what happens is seen while it happens.
"""

from autograder.batch.course import Course, open_course
from autograder.batch.grade import Graded, Grader
from autograder.batch.progress import show_progress
from autograder.batch.run import Watcher, run_batch
from autograder.batch.visible import visible

__all__ = [
    "Course",
    "Graded",
    "Grader",
    "Watcher",
    "open_course",
    "run_batch",
    "show_progress",
    "visible",
]
