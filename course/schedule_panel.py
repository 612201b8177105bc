"""Two sliders and the timeline of the student's own pipeline schedule."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from course.plots.style import dress
from course.plots.timeline import Schedule, idle_share, plot_pipeline
from course.race.picture import as_png

MakeSchedule = Callable[[int, int], Schedule]
_FALLBACK = "Sliders: they appear when this notebook runs in Jupyter."


def pipeline_panel(
    make_schedule: MakeSchedule, *, stages: int = 4, micro_batches: int = 4
) -> PipelinePanel:
    """Draw a schedule with sliders for its two numbers; each move asks for a new one.

    Parameters
    ----------
    make_schedule
        Your ``pipeline_schedule(stages, micro_batches)``.
    stages, micro_batches
        Where the sliders begin, 1 to 8 and 1 to 32.

    Returns
    -------
    PipelinePanel
        Shows itself when it is the last line of a cell.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if not (1 <= stages <= 8 and 1 <= micro_batches <= 32):
        raise ValueError(f"1 to 8 stages and 1 to 32 micro-batches; not {stages}, {micro_batches}")
    return PipelinePanel(make_schedule, stages, micro_batches)


class PipelinePanel:
    """The sliders, and the picture that belongs to their values.

    The picture is an ordinary PNG, so it stands in an export where no slider works.

    Attributes
    ----------
    stages, micro_batches
        The sliders: setting ``.value`` does what moving one does.
    """

    def __init__(self, make_schedule: MakeSchedule, stages: int, micro_batches: int) -> None:
        self._make_schedule = make_schedule
        self._display: Any = None
        self.stages = _slider("stages", stages, 8)
        self.micro_batches = _slider("micro-batches", micro_batches, 32)
        self.message = widgets.HTML()
        for slider in (self.stages, self.micro_batches):
            slider.observe(self._on_change, names="value")
        self.panel = widgets.VBox([self.stages, self.micro_batches, self.message])
        self._ask()

    def __repr__(self) -> str:
        head = f"{self.stages.value} stages, {self.micro_batches.value} micro-batches"
        if self.trouble:
            return f"{head}: {self.trouble}"
        return f"{head}: idle for {idle_share(self.schedule):.1%} of the time"

    def _ipython_display_(self) -> None:
        """Show the sliders, then the picture as an output that can be replaced."""
        from IPython.display import display

        controls = {**self.panel._repr_mimebundle_(), "text/plain": _FALLBACK}
        display(controls, raw=True)
        self._display = display(self.picture(), raw=True, display_id=True)

    def picture(self) -> dict[str, str]:
        """Return the timeline as a PNG with its summary in words, by media type."""
        words = {"text/plain": repr(self)}
        if self.trouble:
            return words
        png = base64.b64encode(_draw(self.schedule, repr(self))).decode("ascii")
        return {"image/png": png, **words}

    def _on_change(self, _change: object) -> None:
        self._ask()
        if self._display is not None:
            self._display.update(self.picture(), raw=True)

    def _ask(self) -> None:
        """Ask for the schedule; what is wrong with it is said beside the sliders."""
        self.schedule: Schedule = []
        self.trouble = ""
        try:
            self.schedule = self._make_schedule(self.stages.value, self.micro_batches.value)
            _draw(self.schedule, "")
        except Exception as problem:
            self.trouble = str(problem) or type(problem).__name__
        self.message.value = f'<div role="status">{html.escape(repr(self))}</div>'


def _slider(name: str, value: int, largest: int) -> Any:
    return widgets.IntSlider(
        value=value,
        min=1,
        max=largest,
        description=name,
        continuous_update=False,
        style={"description_width": "100px"},
    )


def _draw(schedule: Schedule, title: str) -> bytes:
    """Return the timeline as a PNG, drawn on a figure that no other output shows."""
    size = (7.0, 0.6 + 0.4 * len(schedule))
    ax = dress(Figure(figsize=size, layout="constrained").subplots())
    figure = plot_pipeline(schedule, title=title, ax=ax).figure
    assert isinstance(figure, Figure)
    return as_png(figure)
