"""Which core ran which chunk when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from matplotlib.axes import Axes

from course.plots.style import BLUE, FAINT, INK, MUTED, VERMILLION, in_style, new_axes


@dataclass(frozen=True)
class CoreTimes:
    """When each core works.

    Attributes
    ----------
    serial
        How long the part takes that only one core can do; it comes first.
    cores
        For each core the lengths of its jobs, which follow each other.
    bound
        What Amdahl's law allows at best.
    """

    serial: float
    cores: tuple[tuple[int, ...], ...]
    bound: float

    @classmethod
    def of(
        cls, lengths: Sequence[int], cut: Sequence[Sequence[int]], workers: int, percent: float
    ) -> Self:
        """Give chunk c to core c; ``percent`` of all the work is serial.

        Raises
        ------
        ValueError
            If the chunks do not hold every job once, or there are more of them than workers.
        """
        pairs = [(int(start), int(stop)) for start, stop in cut]
        held = [job for start, stop in pairs for job in range(start, stop)]
        if sorted(held) != list(range(len(lengths))):
            raise ValueError("the chunks do not hold every job exactly once")
        if len(pairs) > workers:
            raise ValueError(f"there are {len(pairs)} chunks for {workers} workers")
        share = percent / 100
        serial = share / (1 - share) * sum(lengths)
        cores = tuple(tuple(lengths[start:stop]) for start, stop in pairs)
        return cls(serial, cores, 1 / (share + (1 - share) / workers))

    @property
    def length(self) -> float:
        """How long all of it takes."""
        return self.serial + max((sum(jobs) for jobs in self.cores), default=0)

    @property
    def speed_up(self) -> float:
        """How many times as fast as one core alone."""
        return (self.serial + sum(map(sum, self.cores))) / self.length


@in_style
def plot_cores(times: CoreTimes, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw a row a core; what stays grey is waiting.

    Parameters
    ----------
    times
        When each core works.
    ax
        Where to draw; a new figure by default.
    """
    ax = new_axes() if ax is None else ax
    for core, jobs in enumerate(times.cores):
        ax.barh(core, times.length, height=0.7, color=FAINT)
        start = times.serial
        for job in jobs:
            ax.barh(core, job, left=start, height=0.7, color=BLUE, edgecolor="white")
            start += job
    ax.barh(0, times.serial, height=0.7, color=VERMILLION, hatch="//", edgecolor="white")
    if times.serial:
        ax.text(0, -0.75, "serial", color=VERMILLION, fontsize=8, va="center")
    ax.axvline(times.length, color=INK, linewidth=1)
    ax.set(xlabel="time", title=title, ylim=(len(times.cores) - 0.4, -1.1))
    ax.set_yticks(range(len(times.cores)), [f"core {c}" for c in range(len(times.cores))])
    ax.tick_params(axis="y", colors=MUTED, labelsize=7 if len(times.cores) > 12 else 9)
    ax.grid(visible=False)
    return ax
