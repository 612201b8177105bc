"""The way into nbgrader: ``configure(c)`` in a course's ``nbgrader_config.py``.

A submitted notebook passes these parts, each named in nbgrader's own configuration:
``exporter`` reads it, ``repair`` puts the instructor's cells back, ``grade`` runs it
and the hidden tests, ``save`` writes the gradebook, ``display`` makes what is shown safe.
"""

from autograder.hooks.config import configure

__all__ = ["configure"]
