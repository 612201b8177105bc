"""Authoring: from percent scripts to the notebooks that nbgrader releases.

An instructor writes an assignment as text (:mod:`~autograder.authoring.stub`,
:mod:`~autograder.authoring.variant`); :func:`build_assignment` checks it and writes
nbgrader's source directory; ``nbgrader generate_assignment`` with
:class:`~autograder.authoring.restore_stubs.RestoreStubs` makes the release.
"""

from autograder.authoring.assignment import (
    Assignment,
    Solutions,
    load_assignment,
    load_reference,
    load_solutions,
)
from autograder.authoring.build import (
    build_assignment,
    build_source,
    build_stub,
    build_variant_notebook,
)
from autograder.authoring.init import init_course
from autograder.authoring.marked import Marked, read_hidden_tests
from autograder.authoring.scaffold import new_assignment
from autograder.authoring.variant import Expectation, Variant, apply_answers

__all__ = [
    "Assignment",
    "Expectation",
    "Marked",
    "Solutions",
    "Variant",
    "apply_answers",
    "build_assignment",
    "build_source",
    "build_stub",
    "build_variant_notebook",
    "init_course",
    "load_assignment",
    "load_reference",
    "load_solutions",
    "new_assignment",
    "read_hidden_tests",
]
