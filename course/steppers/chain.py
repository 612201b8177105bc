"""Steps a value forward through cos(exp(-sin(x)**2)), and its slope back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.plots.style import BLUE, FAINT, INK, MUTED, VERMILLION, dress

Links = Callable[[float], Sequence[float]]
"""Takes x; returns the local slopes du/dx, dv/du, dw/dv, dy/dw."""

NAMES = ("x", "u", "v", "w", "y")
_FORMULAS = ("x", r"u = \sin x", "v = u^2", "w = e^{-v}", r"y = \cos w")
_STEPS = 2 * (len(NAMES) - 1)


def chain_stepper(chain_links: Links, *, x: float = 1.0, step: int = _STEPS) -> ChainStepper:
    """Step through the chain; each move of a slider asks your own function for the links.

    Parameters
    ----------
    chain_links
        Your function. It is called with a number x, and returns the four local slopes.
    x
        Where to begin, -3 to 3.
    step
        How far to go: 1 to 4 carry the value forward, 5 to 8 carry the slope back.

    Returns
    -------
    ChainStepper
        Shows itself when it is the last line of a cell.

    Raises
    ------
    ValueError
        If ``x`` or ``step`` is out of range.
    """
    return ChainStepper(chain_links, x, step)


class ChainStepper(Panel):
    """A slider for x, a slider for the step, and the chain as far as it has been walked.

    Attributes
    ----------
    x, step
        The sliders: ``stepper.x.value = 0.5`` does what moving one does.
    links
        What the student's function answered last; empty if it gave no four numbers.
    """

    def __init__(self, chain_links: Links, x: float, step: int) -> None:
        self._chain_links = chain_links
        self.x = slider(widgets.FloatSlider, "x", x, -3.0, 3.0, step=0.05)
        self.step = slider(widgets.IntSlider, "step", step, 0, _STEPS)
        self.links: list[float] = []
        sliders = [self.x, self.step]
        super().__init__(sliders, rows=[widgets.HBox(sliders)])

    @property
    def values(self) -> list[float]:
        """The values of x, u, v, w and y."""
        u = float(np.sin(self.x.value))
        w = float(np.exp(-(u**2)))
        return [self.x.value, u, u**2, w, float(np.cos(w))]

    @property
    def slopes(self) -> list[float]:
        """dy/dx, dy/du, dy/dv, dy/dw and dy/dy, made of the student's links."""
        backward = np.cumprod([1.0, *self.links[::-1]])
        return [float(slope) for slope in backward[::-1]]

    def compute(self) -> None:
        """Ask for the links at the present x."""
        self.links = []
        links = [float(link) for link in self._chain_links(self.x.value)]
        if len(links) != len(NAMES) - 1:
            raise ValueError(f"four links are expected, and these are {len(links)}")
        self.links = links

    def subject(self) -> str:
        """Return what trouble is about."""
        return "chain_links cannot be shown"

    def finding(self) -> str:
        """Return in words how far the walk has come."""
        back = self.step.value - len(NAMES) + 1
        if back <= 0:
            name, value = NAMES[self.step.value], self.values[self.step.value]
            return f"Forward: {name} = {value:.4g}"
        k = len(NAMES) - 1 - back
        return f"Backward: dy/d{NAMES[k]} = {self.slopes[k]:.4g}"

    def draw(self) -> Figure:
        """Return a figure with the chain on top, and the curve with its tangent below."""
        figure = Figure(figsize=(9.0, 4.6), layout="constrained")
        top, below = figure.subplots(2, 1, height_ratios=(1.0, 1.25))
        self._draw_chain(top)
        self._draw_curve(dress(below))
        return figure

    def _draw_chain(self, ax: Axes) -> None:
        ax.set(xlim=(-0.5, 4.5), ylim=(-1.0, 1.0))
        ax.axis("off")
        back = self.step.value - len(NAMES) + 1
        for k, formula in enumerate(_FORMULAS):
            walked = k <= self.step.value
            box = {"boxstyle": "round,pad=0.45", "fc": "white", "ec": BLUE if walked else FAINT}
            text = f"${formula}$\n{self.values[k]:.4g}" if walked else f"${formula}$\n"
            ax.text(k, 0.35, text, ha="center", va="center", bbox=box, color=INK)
            if self.links and back >= len(NAMES) - 1 - k and back > 0:
                label = f"$dy/d{NAMES[k]}$ = {self.slopes[k]:.4g}"
                ax.text(k, -0.75, label, ha="center", color=VERMILLION)
            if self.links and k < len(self.links) and back >= len(self.links) - k:
                link = {"arrowstyle": "->", "color": VERMILLION}
                ax.annotate("", (k + 0.1, -0.55), (k + 0.9, -0.55), arrowprops=link)
                ax.text(k + 0.5, -0.4, f"times {self.links[k]:.3g}", ha="center", color=MUTED)

    def _draw_curve(self, ax: Axes) -> None:
        grid = np.linspace(-3.0, 3.0, 301)
        ax.plot(grid, np.cos(np.exp(-(np.sin(grid) ** 2))), color=BLUE)
        x, y = self.values[0], self.values[-1]
        ax.plot(x, y, "o", color=INK)
        if self.links and self.step.value == _STEPS:
            near = np.array([x - 0.6, x + 0.6])
            ax.plot(near, y + self.slopes[0] * (near - x), color=VERMILLION, linestyle="--")
        ax.set(xlabel="x", ylabel="y", ylim=(0.4, 1.1))
