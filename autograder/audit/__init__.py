"""Measures how good an assignment's hidden tests are.

A grader is a classifier of answers. The audit runs it on answers that are known to be right and
known to be wrong, on mutants of the reference, again and again on other hidden inputs, and looks
for hidden text where students could read it. :func:`audit` returns an :class:`AuditReport`.
"""

from autograder.audit.report import AuditReport, Finding, Severity, Stage
from autograder.audit.run import Options, Watcher, audit

__all__ = ["AuditReport", "Finding", "Options", "Severity", "Stage", "Watcher", "audit"]
