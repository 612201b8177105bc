"""The optimizer race: sliders that drive a student's own optimizers over a loss surface."""

from __future__ import annotations

from course.race.panel import OptimizerRace, optimizer_race

__all__ = ["OptimizerRace", "optimizer_race"]
