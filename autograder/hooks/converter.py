"""nbgrader's converter for one submission at a time."""

from __future__ import annotations

from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from autograder.classic import is_classic
from autograder.hooks.preflight import course_settings, prepare


class AutogradeSubmissions(Autograde):  # type: ignore[misc]  # nbgrader has no types
    """An ``Autograde`` that also takes in a run in which nobody submitted a notebook.

    Plain ``nbgrader autograde`` takes in a submission without its notebook only beside
    one that has some; alone it ends with an error, and writes nothing.
    """

    def init_notebooks(self) -> None:
        """List the notebooks, the missing ones among them.

        Raises
        ------
        NbGraderException
            If there is no submission at all.
        """
        try:
            super().init_notebooks()
        except NbGraderException:
            prepare(self, is_classic=is_classic(course_settings(self), self.coursedir))
            if not self.assignments:
                raise
