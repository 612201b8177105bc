"""Measures how good an assignment's hidden tests are.

A grader is a classifier of answers. The audit runs it on answers that are known to be right and
known to be wrong, on mutants of the reference, again and again on other hidden inputs, and looks
for hidden text where students could read it.

:func:`autograder.audit.run.audit` does it and returns an
:class:`~autograder.audit.report.AuditReport`. (Nothing is imported here: the worker processes
need few of these modules, and start the faster for it.)
"""
