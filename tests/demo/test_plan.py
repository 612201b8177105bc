"""The class of the demo must exist, and must hold every kind of trouble."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from autograder.demo.handins import RIGHT, WRONG, Expected, load_material, plan_class
from autograder.hooks.preflight import STUDENT_ID
from autograder.settings import load_settings

CHECKOUT = Path(__file__).resolve().parents[2]


def test_class_is_large_and_has_every_kind_of_hand_in(tmp_path: Path) -> None:
    settings = load_settings(
        tmp_path,
        assignments_dir=CHECKOUT / "assignments",
        solutions_dir=CHECKOUT / "solutions",
        graders_dir=CHECKOUT / "autograder/graders",
    )
    plan = plan_class(load_material(settings), settings)
    names = [handin.student for handin in plan]
    assert len(set(names)) == len(names) >= 16
    assert all(STUDENT_ID.fullmatch(name) and "+" not in name for name in names)
    kinds = Counter(handin.expected for handin in plan)
    assert kinds[Expected.FULL] > len(RIGHT)
    assert kinds[Expected.LESS] > len(WRONG)
    assert kinds[Expected.NOT_GRADED] >= 4
    assert sum(handin.link is not None for handin in plan) == 2
