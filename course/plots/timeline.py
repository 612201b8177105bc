"""Who does what in which tick: the timeline of a pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from course.plots.style import BLUE, FAINT, INK, MUTED, ORANGE, in_style, new_axes

Schedule = Sequence[Sequence[str]]
"""One row a stage; an entry is "F3", "B0", or "" for nothing."""

_LOOKS = {"F": (BLUE, "white", ""), "B": (ORANGE, INK, "//")}
_MOST_WRITTEN = 26


@in_style
def plot_pipeline(schedule: Schedule, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw a schedule: a row a stage, a column a tick; what stays grey is the bubble.

    Parameters
    ----------
    schedule
        What each stage does in each tick: "F" or "B" with the number of a micro-batch, or "".
    ax
        Where to draw; a new figure by default.

    Raises
    ------
    ValueError
        If there is no stage, the rows differ in length, or an entry is none of the above.
    """
    rows = [list(row) for row in schedule]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ValueError("a schedule has one row a stage, all of the same length")
    ax = new_axes() if ax is None else ax
    ticks = len(rows[0])
    for stage, row in enumerate(rows):
        for tick, job in enumerate(row):
            _draw_job(ax, stage, tick, job, written=ticks <= _MOST_WRITTEN)
    ax.set(xlim=(0, max(ticks, 1)), ylim=(len(rows) - 0.5, -0.5), xlabel="tick", title=title)
    ax.set_yticks(range(len(rows)), [f"stage {number}" for number in range(len(rows))])
    ax.grid(visible=False)
    return ax


def idle_share(schedule: Schedule) -> float:
    """Return the share of all entries of a schedule that are nothing."""
    entries = [job for row in schedule for job in row]
    return sum(not job for job in entries) / len(entries) if entries else 0.0


def _draw_job(ax: Axes, stage: int, tick: int, job: str, *, written: bool) -> None:
    if job and (job[0] not in _LOOKS or not job[1:].isdigit()):
        raise ValueError(f"stage {stage}, tick {tick}: {job!r} is no F0, B1 and so on")
    color, ink, hatch = _LOOKS[job[0]] if job else (FAINT, MUTED, "")
    ax.barh(
        stage, 1, left=tick, height=0.8, color=color, hatch=hatch, edgecolor="white", linewidth=1
    )
    if job and written:
        ax.text(tick + 0.5, stage, job, ha="center", va="center", color=ink, fontsize=8)
