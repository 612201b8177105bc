"""The memory ledger of a rank: what it holds, by kind, under several strategies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from course.plots.style import CYCLE, INK, VERMILLION, in_style, new_axes

_UNITS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "bytes"))
_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++")


@in_style
def plot_memory(
    ledgers: Mapping[str, Mapping[str, float]],
    *,
    limit_bytes: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one bar a strategy (or a rank), made of the bytes of each kind.

    Parameters
    ----------
    ledgers
        For each bar its name and its bytes by kind, such as ``{"weights": 4e9, ...}``.
    limit_bytes
        What a machine has; a line is drawn there.
    ax
        Where to draw; a new figure by default.

    Raises
    ------
    ValueError
        If there is no bar, or a kind has a negative number of bytes.
    """
    if not ledgers:
        raise ValueError("ledgers is empty; give at least one name with its bytes")
    totals = [sum(kinds.values()) for kinds in ledgers.values()]
    if any(size < 0 for kinds in ledgers.values() for size in kinds.values()):
        raise ValueError("a kind has a negative number of bytes")
    ax = new_axes() if ax is None else ax
    top = max([*totals, limit_bytes or 0.0])
    scale, unit = next(((s, u) for s, u in _UNITS if top >= s), _UNITS[-1])
    kinds = list(dict.fromkeys(kind for ledger in ledgers.values() for kind in ledger))
    left = [0.0] * len(ledgers)
    names = list(ledgers)
    for number, kind in enumerate(kinds):
        widths = [ledgers[name].get(kind, 0.0) / scale for name in names]
        color, hatch = CYCLE[number % len(CYCLE)], _HATCHES[number % len(_HATCHES)]
        look: dict[str, Any] = {"color": color, "hatch": hatch, "edgecolor": "white"}
        ax.barh(names, widths, left=left, label=kind, height=0.6, **look)
        left = [a + b for a, b in zip(left, widths, strict=True)]
    for place, total in enumerate(left):
        ax.annotate(f" {total:.3g} {unit}", (total, place), va="center", color=INK)
    if limit_bytes is not None:
        ax.axvline(limit_bytes / scale, color=VERMILLION, linestyle="--", label="one machine")
    ax.invert_yaxis()
    ax.set(xlabel=f"memory of one rank in {unit}", xlim=(0, 1.18 * top / scale))
    ax.grid(visible=False, axis="y")
    ax.legend(loc="lower right")
    return ax
