"""What a worker hands to the coordinator: one submission, graded and not yet saved."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from autograder.outcomes import SubmissionResult


class Marked(BaseModel):
    """A JSON document, checked when it is read; nothing in it is code.

    The notebooks themselves lie in the staging folder, ready to be moved to ``autograded/``.

    Attributes
    ----------
    results
        One for each notebook that was graded; the contract's own is the submission's.
    notebooks
        The notebooks in the staging folder: name and SHA-256, in order.
    refused
        Why nothing of the submission could be converted; empty if it was.
    is_ours
        Whether that is no fault of the submission's, so that another attempt may succeed.
    seconds
        How long it took.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    student: str
    assignment: str
    results: tuple[SubmissionResult, ...] = ()
    notebooks: dict[str, str] = {}
    refused: str = ""
    is_ours: bool = False
    seconds: float = 0.0
