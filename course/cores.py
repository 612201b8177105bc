"""Which core runs which chunk when: the student's own chunks, with sliders, and Amdahl's law."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.plots.cores import CoreTimes, plot_cores

Cut = Callable[[int, int], Sequence[Sequence[int]]]
_JOBS = 24


def cores_panel(chunks: Cut, *, workers: int = 4, serial: int = 10, seed: int = 3) -> CoresPanel:
    """Draw which core runs which chunk when, and the speed-up beside Amdahl's bound.

    24 jobs of different lengths are cut by your function, one chunk a core, after a part that
    only one core can do.

    Parameters
    ----------
    chunks
        Your ``chunks(n, workers)``.
    workers
        Where the slider begins, 1 to 24.
    serial
        Which share of all work is serial, in percent, 0 to 90.
    seed
        Draws the lengths.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    lengths = np.random.default_rng(seed).integers(1, 9, size=_JOBS)
    return CoresPanel(chunks, [int(x) for x in lengths], workers, serial)


class CoresPanel(Panel):
    """Two sliders, and a row a core.

    Attributes
    ----------
    workers, serial
        The sliders: setting ``.value`` does what moving one does.
    times
        When each core works; None if the chunks do not fit.
    """

    def __init__(self, chunks: Cut, lengths: list[int], workers: int, serial: int) -> None:
        self._chunks = chunks
        self._lengths = lengths
        wide = {"style": {"description_width": "110px"}}
        self.workers = slider(widgets.IntSlider, "workers", workers, 1, _JOBS, **wide)
        self.serial = slider(widgets.IntSlider, "serial part, %", serial, 0, 90, **wide)
        self.times: CoreTimes | None = None
        super().__init__([self.workers, self.serial])

    def compute(self) -> None:
        """Ask for the chunks, and give each to a core."""
        self.times = None
        cut = self._chunks(_JOBS, self.workers.value)
        self.times = CoreTimes.of(self._lengths, cut, self.workers.value, self.serial.value)

    def subject(self) -> str:
        """Return the values of the sliders."""
        return f"{self.workers.value} workers, {self.serial.value} % serial"

    def finding(self) -> str:
        """Return the speed-up, and Amdahl's bound."""
        assert self.times is not None, "without times there is trouble"
        speed_up, bound = self.times.speed_up, self.times.bound
        return f"{self.subject()}: {speed_up:.2f} times as fast, {bound:.2f} at best"

    def draw(self) -> Figure | None:
        """Return the timeline."""
        if self.times is None:
            return None
        figure = Figure(figsize=(7.2, 1.4 + 0.22 * self.workers.value), layout="constrained")
        plot_cores(self.times, title=self.finding(), ax=figure.subplots())
        return figure
