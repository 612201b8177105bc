"""The panel: controls above, a picture below, and the student's own classes between them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.plots.style import CYCLE
from course.race.controls import CORRECTION, has_switch, make_controls
from course.race.picture import draw_race
from course.race.runs import MakeOptimizer, Run, run_race
from course.race.tracks import TRACKS


def optimizer_race(
    optimizers: Mapping[str, MakeOptimizer],
    *,
    surface: str = "quadratic",
    steps: int = 60,
    start: Mapping[str, Mapping[str, float]] | None = None,
) -> OptimizerRace:
    """Race optimizers over a loss surface; each move of a slider runs them again.

    Parameters
    ----------
    optimizers
        Names and classes, for instance ``{"SGD": SGD, "Adam": Adam}``. Each class is
        constructed with the values of its sliders by name (of ``lr``, ``momentum``, ``beta1``,
        ``beta2``, ``eps``, ``bias_correction``, those it accepts), and ``step(w, g)`` is called
        with weights and slopes of shape (2,).
    surface
        Where the race begins: "quadratic", 25 times as steep along w2 as along w1, or "valley",
        narrow and curved.
    steps
        How many steps each may take, 1 to 300: the same for all.
    start
        Values for the sliders to begin with, such as ``{"Adam": {"lr": 0.1}}``.

    Returns
    -------
    OptimizerRace
        Shows itself when it is the last line of a cell.

    Raises
    ------
    ValueError
        If there is no optimizer, the surface is unknown, ``steps`` is out of range, or
        ``start`` names what has no slider.
    """
    start = {} if start is None else start
    strangers = sorted(set(start) - set(optimizers))
    if not optimizers or strangers:
        raise ValueError(f"optimizers has {list(optimizers)}; start names also {strangers}")
    if surface not in TRACKS:
        raise ValueError(f"there is no surface {surface!r}; choose one of {list(TRACKS)}")
    return OptimizerRace(optimizers, surface, steps, start)


class OptimizerRace(Panel):
    """Sliders for each optimizer, their paths over the surface, and their losses.

    Trouble in one optimizer is told in its own line; the others race all the same.

    Attributes
    ----------
    controls
        For each optimizer its sliders by name: ``race.controls["Adam"]["lr"].value = 0.1``
        does what moving the slider does.
    surface, steps
        The controls that all share.
    runs
        The race as last run, by optimizer.
    """

    def __init__(
        self,
        optimizers: Mapping[str, MakeOptimizer],
        surface: str,
        steps: int,
        start: Mapping[str, Mapping[str, float]],
    ) -> None:
        self._optimizers = dict(optimizers)
        self.surface = widgets.Dropdown(
            options=[(track.title, key) for key, track in TRACKS.items()],
            value=surface,
            description="surface",
        )
        self.steps = slider(widgets.IntSlider, "steps", steps, 1, 300)
        self.controls: dict[str, dict[str, Any]] = {
            name: make_controls(make, start.get(name, {})) for name, make in optimizers.items()
        }
        self.runs: dict[str, Run] = {}
        shared = [self.surface, self.steps]
        own = [control for group in self.controls.values() for control in group.values()]
        super().__init__([*shared, *own], rows=[widgets.HBox(shared), self._columns()])

    def compute(self) -> None:
        """Run every optimizer with the values of its sliders."""
        track = TRACKS[self.surface.value]
        for name, make in self._optimizers.items():
            settings = {key: control.value for key, control in self.controls[name].items()}
            corrected = True
            if not has_switch(make):
                corrected = settings.pop(CORRECTION, True)
            self.runs[name] = run_race(make, settings, track, self.steps.value, corrected)

    def subject(self) -> str:
        """Return which surface it is."""
        return f"Race on the {self.surface.label}"

    def finding(self) -> str:
        """Return how far each optimizer came."""
        return "\n".join([f"{self.subject()}:", *self._lines()])

    def details(self) -> str:
        """Return a line for each optimizer; the surface stands in its own control."""
        return "<br>".join(map(html.escape, self._lines()))

    def draw(self) -> Figure:
        """Return the paths and the losses."""
        return draw_race(TRACKS[self.surface.value], self.runs)

    def _lines(self) -> list[str]:
        return [f"{name}: {_fate(run)}" for name, run in self.runs.items()]

    def _columns(self) -> Any:
        """Put the controls of every optimizer in a column under its name, in its colour."""
        columns = []
        for number, (name, group) in enumerate(self.controls.items()):
            color = CYCLE[number % len(CYCLE)]
            mark = f'<span style="color:{color}" aria-hidden="true">&#9632;</span>'
            title = widgets.HTML(f"{mark} <b>{html.escape(name)}</b>")
            columns.append(widgets.VBox([title, *group.values()]))
        return widgets.HBox(columns)


def _fate(run: Run) -> str:
    """Return how far an optimizer came, or what stopped it."""
    return run.trouble or f"loss {run.losses[-1]:.3g} after {len(run.path) - 1} steps"
