"""What students import: data, a network, a training loop, plots, a panel, and checks.

====================  ================================================================
``noisy_sine``        one input, one output: a sine wave with noise
``hills``             two inputs, one output: five hills on a plane, in folds
``TanhNetwork``       tanh layers whose weights lie in one flat vector
``train``             the loop that hands gradients to an optimizer
``use_style``         give your own plots the look of the course
``plot_error_curves`` errors of several runs on one axis
``plot_fits``         curves of one input beside each other, with the data
``plot_hidden_units`` what every hidden unit answers
``plot_surface``      a surface of two inputs, lit from the side, with the data
``plot_surfaces``     several surfaces beside each other
``StandInSGD``        PyTorch's SGD, to go on with until yours works
``StandInAdam``       PyTorch's Adam, likewise
``optimizer_race``    sliders that drive your own optimizers over a loss surface
``run_ranks``         run a function in several processes that can talk to each other
``plot_memory``       what a rank holds in memory, by kind
``plot_pipeline``     who does what in which tick
``pipeline_panel``    sliders that drive your own pipeline schedule
``simulate_workers``  workers that wait for each other, and workers that do not
``check``             run the visible checks of a task
====================  ================================================================

Importing ``course`` loads none of these; each is loaded when it is first used (PEP 562),
so that a notebook starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.checking import check
    from course.network import TanhNetwork
    from course.plots.curves import plot_error_curves, plot_fits
    from course.plots.hidden import plot_hidden_units
    from course.plots.memory import plot_memory
    from course.plots.style import use_style
    from course.plots.surfaces import plot_surface, plot_surfaces
    from course.plots.timeline import plot_pipeline
    from course.race import optimizer_race
    from course.ranks import run_ranks
    from course.schedule_panel import pipeline_panel
    from course.sine import noisy_sine
    from course.standins import StandInAdam, StandInSGD
    from course.terrain import hills
    from course.training import train
    from course.workers import simulate_workers

__all__ = [
    "StandInAdam",
    "StandInSGD",
    "TanhNetwork",
    "check",
    "hills",
    "noisy_sine",
    "optimizer_race",
    "pipeline_panel",
    "plot_error_curves",
    "plot_fits",
    "plot_hidden_units",
    "plot_memory",
    "plot_pipeline",
    "plot_surface",
    "plot_surfaces",
    "run_ranks",
    "simulate_workers",
    "train",
    "use_style",
]

_HOMES = {
    "StandInAdam": "course.standins",
    "StandInSGD": "course.standins",
    "TanhNetwork": "course.network",
    "check": "course.checking",
    "hills": "course.terrain",
    "noisy_sine": "course.sine",
    "optimizer_race": "course.race",
    "pipeline_panel": "course.schedule_panel",
    "plot_error_curves": "course.plots.curves",
    "plot_fits": "course.plots.curves",
    "plot_hidden_units": "course.plots.hidden",
    "plot_memory": "course.plots.memory",
    "plot_pipeline": "course.plots.timeline",
    "plot_surface": "course.plots.surfaces",
    "plot_surfaces": "course.plots.surfaces",
    "run_ranks": "course.ranks",
    "simulate_workers": "course.workers",
    "train": "course.training",
    "use_style": "course.plots.style",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module at first use."""
    if name not in _HOMES:
        raise AttributeError(f"course has no {name!r}; it offers {', '.join(__all__)}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # the next use finds it without coming here
    return value


def __dir__() -> list[str]:
    """List what is public, loaded or not."""
    return sorted({*globals(), *__all__})
