"""What can go wrong on the student's side of a call.

Each fault says in words for the student what happened. A fault that a hidden
test does not expect makes that test fail; nothing else that a call raises does.
"""

from __future__ import annotations

import builtins
import difflib
from collections.abc import Iterable

from autograder.codec import Fault

_REFUSAL_CHARS = 500


class NotOnThisMachine(Exception):
    """This machine lacks what a hidden test needs: the test is deferred.

    Parameters
    ----------
    why
        A sentence for the student, without its full stop.
    """

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}. It waits for a machine that can run it; until then these points are neither "
            "lost nor won."
        )


class StudentFault(Exception):
    """The student's code, not the grader, is why a call gave no value."""

    certain = True
    """Whether the same call in a fresh copy would surely end the same way."""

    @property
    def without_arguments(self) -> str:
        """What may be told when the call's arguments are secret: no text of the submission's.

        A name, a message or a source line comes from the student's process, which has just met
        the arguments and may have put them there.
        """
        return str(self)


class StudentRaised(StudentFault):
    """The student's code raised an exception.

    Attributes
    ----------
    type_name, message
        The exception's class name and text, as the student's process reports them.
    lineno, line
        Where in the student's cell, if known.
    """

    def __init__(self, fault: Fault) -> None:
        self.type_name = fault.type_name
        self.message = fault.message
        self.lineno = fault.lineno
        self.line = fault.traceback_text
        self.not_allowed = fault.kind == "not allowed"
        super().__init__(self._describe())

    def _describe(self) -> str:
        if self.type_name == "NotImplementedError":
            return "This part is not written yet (NotImplementedError)."
        if self.not_allowed:
            return f"{self.message}. Write this step yourself."
        text = f"Your code raised {self.type_name}"
        text += f": {self.message}" if self.message else ""
        return f"{text}{self.place}"

    @property
    def place(self) -> str:
        """Where it happened, ready to be appended to a sentence."""
        return f" (line {self.lineno} of the cell: {self.line})" if self.lineno else ""

    @property
    def without_arguments(self) -> str:
        """The kind of exception, if it is one of Python's own."""
        if self.type_name == "NotImplementedError":
            return self._describe()
        if self.not_allowed:
            return "Your code uses a library that is not allowed in this task."
        known = getattr(builtins, self.type_name, None)
        if isinstance(known, type) and issubclass(known, BaseException):
            return f"Your code raised {self.type_name}."
        return "Your code raised an exception of its own."


class CalledWrongly(StudentRaised):
    """The student's code called a function it was given with arguments that this cannot take.

    Parameters
    ----------
    fault
        What the call raised in the student's process.
    error
        What the function raised here.
    """

    def __init__(self, fault: Fault, error: Exception) -> None:
        self._error = error
        super().__init__(fault)

    def _describe(self) -> str:
        told = f": {type(self._error).__name__}: {self._error}"
        return f"{self.without_arguments[:-1]}{told[:_REFUSAL_CHARS]}{self.place}"

    @property
    def without_arguments(self) -> str:
        """That it was so; what the function says may quote what it was called with."""
        return (
            "Your code called a function that it was given with arguments which that function "
            "cannot take."
        )


class MissingName(StudentFault):
    """The notebook does not define a name that the task asks for."""

    def __init__(self, name: str, defined: Iterable[str]) -> None:
        self.name = name
        # Long names would cost the comparison minutes, and help nobody.
        near = difflib.get_close_matches(name, [d for d in defined if len(d) < 100], n=1)
        guess = f" It does define `{near[0]}`: a misspelling?" if near else ""
        super().__init__(f"{self.without_arguments}{guess}")

    @property
    def without_arguments(self) -> str:
        """What is missing, without a guess: the names that there are may tell anything."""
        return (
            f"Your notebook does not define `{self.name}`. Either the cell that should define "
            "it is missing, or it stopped with an error before."
        )


class Unsendable(StudentFault):
    """The result is plain data but too large, or too deeply nested, to be graded."""

    @property
    def without_arguments(self) -> str:
        """That it was so, without the size or the place."""
        return "The result cannot be graded: it is too large or too deeply nested."


class StudentTimeout(StudentFault):
    """The call used up its CPU seconds, or waited without end."""

    certain = False


class StudentDied(StudentFault):
    """The student's process ended during the call, or stopped making sense."""

    certain = False


class ServerFailed(StudentFault):
    """A server did not start, gave no answer, or gave one that is not what HTTP or JSON allow.

    Parameters
    ----------
    what
        What happened, in words that hold nothing of the submission's.
    details
        What the server said: its log, or the answer's beginning.
    """

    certain = False

    def __init__(self, what: str, details: str = "") -> None:
        self.what = what
        super().__init__(f"{what}\n{details}".rstrip())

    @property
    def without_arguments(self) -> str:
        """What happened, without the server's own words."""
        return self.what
