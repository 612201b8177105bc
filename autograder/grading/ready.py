"""What has to be there before the first submission of an assignment is touched."""

from __future__ import annotations

from autograder.contract import Contract, load_contract
from autograder.grading.engine import shared_engine
from autograder.grading.hints import load_hints
from autograder.grading.seeds import read_secret
from autograder.settings import Settings


def check_ready(settings: Settings, slug: str) -> Contract:
    """Check everything that grading an assignment needs, whoever submitted; return its contract.

    Without this, each submission would come to "not graded", in the place of marks it may have.

    Raises
    ------
    UserError
        If grading cannot work for anybody: a broken contract, hints that cannot be read, a
        missing secret, less confinement than agreed.
    """
    contract = load_contract(settings.locate(settings.assignments_dir) / slug)
    load_hints(settings.locate(settings.graders_dir) / slug)
    read_secret(settings)
    shared_engine(settings, slug)
    return contract
