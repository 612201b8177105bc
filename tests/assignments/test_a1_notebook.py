"""What only the notebook of a1 does: it tells an answer that is missing from one that failed."""

from __future__ import annotations

from typing import Any

import pytest

from .material import assignment_of

SLUG = "a1_sgd_vs_adam"


def test_try_out_waits_for_what_is_missing_and_shows_where_an_answer_failed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (setup,) = [cell.source for cell in assignment_of(SLUG).cells if "def try_out" in cell.source]
    names: dict[str, Any] = {}
    exec(setup, names)

    def missing() -> None:
        raise NotImplementedError("a1_t9: train")

    def broken() -> float:
        return 1 / len("")

    assert names["try_out"]("fit_hills", lambda: 3) == 3
    assert names["try_out"]("fit_hills", missing) is None
    assert "fit_hills cannot run yet. a1_t9: train" in capsys.readouterr().out
    assert names["try_out"]("fit_hills", broken) is None
    said = capsys.readouterr().out
    assert "Finish its task" not in said
    assert 'return 1 / len("")' in said
    assert "ZeroDivisionError" in said
