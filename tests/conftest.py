"""Fixtures that start the real sandbox once for many tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.grading.engine import Engine
from autograder.settings import Settings, load_settings


@pytest.fixture(scope="session")
def fast_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Short deadlines, so that tests of endless loops end soon."""
    folder: Path = tmp_path_factory.mktemp("course")
    return load_settings(
        folder,
        cell_cpu_s=1.5,
        cell_wall_s=4,
        call_cpu_s=1.0,
        call_wall_s=3,
        answer_wall_s=3,
        process_limit=32,
    )


@pytest.fixture(scope="session")
def engine(fast_settings: Settings) -> Iterator[Engine]:
    """One warm parent for the session."""
    with Engine(fast_settings) as engine:
        yield engine


@pytest.fixture
def engine_without_namespaces(fast_settings: Settings) -> Iterator[Engine]:
    """What is left on a machine that gives no namespaces."""
    settings = fast_settings.model_copy(update={"confinement": "plain", "unconfined": True})
    try:
        engine = Engine(settings)
    except UserError as error:
        pytest.skip(str(error))  # root, with an environment that only root can read
    with engine:
        yield engine
