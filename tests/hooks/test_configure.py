"""The configuration changes only the steps it has to."""

from __future__ import annotations

from typing import Any

import pytest
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from traitlets import import_item
from traitlets.config import Config

from autograder.hooks import configure

EXPECTED = {
    (Autograde, "sanitize_preprocessors"): ({"RepairCells"}, set()),
    (Autograde, "autograde_preprocessors"): (
        {"GradeSubmission", "SaveGrades"},
        {"Execute", "SaveAutoGrades"},
    ),
    (GenerateAssignment, "preprocessors"): ({"RestoreStubs"}, {"ClearSolutions"}),
    (GenerateFeedback, "preprocessors"): ({"ShowProvisional", "EscapeNames"}, set()),
}


def names(steps: list[Any]) -> list[str]:
    return [str(getattr(step, "__name__", step)).rsplit(".", 1)[-1] for step in steps]


@pytest.fixture
def config() -> Config:
    config = Config()
    configure(config)
    return config


@pytest.mark.parametrize(("converter", "trait"), EXPECTED)
def test_steps_keep_nbgraders_order(config: Config, converter: type, trait: str) -> None:
    added, removed = EXPECTED[converter, trait]
    stock = names(getattr(converter, trait).default_args[0])
    ours = names(config[converter.__name__][trait])
    assert set(ours) - set(stock) == added
    assert set(stock) - set(ours) == removed
    assert [name for name in ours if name in stock] == [n for n in stock if n not in removed]


def test_stock_lists_are_not_changed_in_place(config: Config) -> None:
    assert "RepairCells" not in names(Autograde.sanitize_preprocessors.default_args[0])


def test_everything_named_can_be_imported(config: Config) -> None:
    named = [
        config.Autograde.exporter_class,
        config.ExchangeFactory.collect,
        config.ExportApp.plugin_class,
        *config.HTMLExporter.preprocessors,
        *config.HTMLExporter.filters.values(),
        *(s for c, t in EXPECTED for s in config[c.__name__][t] if isinstance(s, str)),
    ]
    assert len(named) == 14
    assert all(callable(import_item(name)) for name in named)


def test_other_converters_keep_their_exporter(config: Config) -> None:
    assert "exporter_class" not in config.BaseConverter
    assert "exporter_class" not in config.GenerateAssignment
