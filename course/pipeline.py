"""Two sliders and the timeline of the student's own pipeline schedule."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.plots.style import dress, figure_of
from course.plots.timeline import Schedule, idle_share, plot_pipeline

MakeSchedule = Callable[[int, int], Schedule]


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
    return PipelinePanel(make_schedule, stages, micro_batches)


class PipelinePanel(Panel):
    """Two sliders, and a row a stage, a column a tick.

    Attributes
    ----------
    stages, micro_batches
        The sliders: setting ``.value`` does what moving one does.
    schedule
        What the student's function answered last; empty if it raised.
    """

    def __init__(self, make_schedule: MakeSchedule, stages: int, micro_batches: int) -> None:
        self._make_schedule = make_schedule
        whole, wide = widgets.IntSlider, {"style": {"description_width": "100px"}}
        self.stages = slider(whole, "stages", stages, 1, 8, **wide)
        self.micro_batches = slider(whole, "micro-batches", micro_batches, 1, 32, **wide)
        self.schedule: Schedule = []
        super().__init__([self.stages, self.micro_batches])

    def compute(self) -> None:
        """Ask for the schedule."""
        self.schedule = []
        self.schedule = self._make_schedule(self.stages.value, self.micro_batches.value)

    def subject(self) -> str:
        """Return the values of the sliders."""
        return f"{self.stages.value} stages, {self.micro_batches.value} micro-batches"

    def finding(self) -> str:
        """Return how much of the time is lost."""
        return f"{self.subject()}: idle for {idle_share(self.schedule):.1%} of the time"

    def draw(self) -> Figure | None:
        """Return the timeline; what is no schedule is refused here, in words."""
        if self.trouble:
            return None
        size = (7.0, 0.6 + 0.4 * len(self.schedule))
        ax = dress(Figure(figsize=size, layout="constrained").subplots())
        return figure_of(plot_pipeline(self.schedule, title=self.finding(), ax=ax))
