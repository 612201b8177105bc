"""A safe, fair, fast and kind autograder for nbgrader."""

__version__ = "0.1.0"
