"""What the staff reads after grading: a table in the terminal, a summary page, and both at once.

Messages of hidden tests quote values of the students' making. Whatever is shown here is
treated accordingly: no control character reaches a terminal, no markup reaches a page.
"""

from autograder.reports.findings import findings
from autograder.reports.overview import Overview, overview
from autograder.reports.session import ExitStatus, Session, grade_class, report
from autograder.reports.summary import render_summary, write_summary
from autograder.reports.table import results_table

__all__ = [
    "ExitStatus",
    "Overview",
    "Session",
    "findings",
    "grade_class",
    "overview",
    "render_summary",
    "report",
    "results_table",
    "write_summary",
]
