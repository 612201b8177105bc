"""The panel: controls above, a picture below, and the student's own classes between them."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from course.plots.style import CYCLE
from course.race.controls import CORRECTION, has_switch, make_controls
from course.race.picture import as_png, draw_race
from course.race.runs import MakeOptimizer, Run, run_race
from course.race.tracks import TRACKS

_FALLBACK = "Sliders: they appear when this notebook runs in Jupyter."


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
    if not 1 <= steps <= 300:
        raise ValueError(f"steps is {steps}; it must be 1 to 300")
    return OptimizerRace(optimizers, surface, steps, start)


class OptimizerRace:
    """A panel of sliders and the picture that belongs to their values.

    The picture is an output of its own, an ordinary PNG that the sliders replace. So it stays
    in the notebook file, and stands in an HTML export and in feedback, where no slider works.

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
        self._display: Any = None
        self.surface = widgets.Dropdown(
            options=[(track.title, key) for key, track in TRACKS.items()],
            value=surface,
            description="surface",
        )
        self.steps = widgets.IntSlider(
            value=steps, min=1, max=300, description="steps", continuous_update=False
        )
        self.controls: dict[str, dict[str, Any]] = {
            name: make_controls(make, start.get(name, {})) for name, make in optimizers.items()
        }
        self.message = widgets.HTML()
        self.panel = self._arrange()
        for control in self._all_controls():
            control.observe(self._on_change, names="value")
        self.runs: dict[str, Run] = {}
        self._race()

    def __repr__(self) -> str:
        return "\n".join([f"Race on the {self.surface.label}:", *map(self._summary, self.runs)])

    def _ipython_display_(self) -> None:
        """Show the controls, then the picture as an output that can be replaced."""
        from IPython.display import display

        controls = {**self.panel._repr_mimebundle_(), "text/plain": _FALLBACK}
        display(controls, raw=True)
        self._display = display(self.picture(), raw=True, display_id=True)

    def picture(self) -> dict[str, str]:
        """Return the race as a PNG with its summary in words, by media type."""
        png = as_png(draw_race(TRACKS[self.surface.value], self.runs))
        return {"image/png": base64.b64encode(png).decode("ascii"), "text/plain": repr(self)}

    def _on_change(self, _change: object) -> None:
        self._race()
        if self._display is not None:
            self._display.update(self.picture(), raw=True)

    def _race(self) -> None:
        """Run every optimizer with the values of its sliders, and report on them."""
        track = TRACKS[self.surface.value]
        for name, make in self._optimizers.items():
            settings = {key: control.value for key, control in self.controls[name].items()}
            corrected = True
            if not has_switch(make):
                corrected = settings.pop(CORRECTION, True)
            self.runs[name] = run_race(make, settings, track, self.steps.value, corrected)
        lines = "<br>".join(html.escape(self._summary(name)) for name in self.runs)
        self.message.value = f'<div role="status">{lines}</div>'

    def _summary(self, name: str) -> str:
        run = self.runs[name]
        if run.trouble:
            return f"{name}: {run.trouble}"
        return f"{name}: loss {run.losses[-1]:.3g} after {len(run.path) - 1} steps"

    def _all_controls(self) -> list[Any]:
        own = [control for group in self.controls.values() for control in group.values()]
        return [self.surface, self.steps, *own]

    def _arrange(self) -> Any:
        """Put the controls of every optimizer in a column under its name, in its colour."""
        columns = []
        for number, (name, group) in enumerate(self.controls.items()):
            color = CYCLE[number % len(CYCLE)]
            mark = f'<span style="color:{color}" aria-hidden="true">&#9632;</span>'
            title = widgets.HTML(f"{mark} <b>{html.escape(name)}</b>")
            columns.append(widgets.VBox([title, *group.values()]))
        shared = widgets.HBox([self.surface, self.steps])
        return widgets.VBox([shared, widgets.HBox(columns), self.message])
