"""What students import: data, a network, a training loop, plots, a panel, and checks.

====================  ================================================================
``noisy_sine``        one input, one output: a sine wave with noise
``hills``             two inputs, one output: five hills on a plane, in folds
``TanhNetwork``       tanh layers whose weights lie in one flat vector
``train``             the loop that hands gradients to an optimizer
``use_style``         give your own plots the look of the course
``v_shape``           two classes: inside and outside a V
``river``             two classes: water and land
``plot_borders``      where classifiers change their minds, with the data
``plot_error_curves`` errors of several runs on one axis
``plot_fits``         curves of one input beside each other, with the data
``plot_hidden_units`` what every hidden unit answers
``plot_surface``      a surface of two inputs, lit from the side, with the data
``plot_surfaces``     several surfaces beside each other
``StandInSGD``        PyTorch's SGD, to go on with until yours works
``StandInAdam``       PyTorch's Adam, likewise
``chain_stepper``     sliders that walk a value and its slope through your own chain
``checker_scope``     the error of your own numeric gradient against h
``optimizer_race``    sliders that drive your own optimizers over a loss surface
``check``             run the visible checks of a task
====================  ================================================================

Three more stand-ins are PyTorch's backward passes of single layers: ``stand_in_affine_backward``,
``stand_in_activation_backward`` and ``stand_in_cross_entropy``.

Importing ``course`` loads none of these; each is loaded when it is first used (PEP 562),
so that a notebook starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.checking import check
    from course.classes import river, v_shape
    from course.network import TanhNetwork
    from course.plots.borders import plot_borders
    from course.plots.curves import plot_error_curves, plot_fits
    from course.plots.hidden import plot_hidden_units
    from course.plots.style import use_style
    from course.plots.surfaces import plot_surface, plot_surfaces
    from course.race import optimizer_race
    from course.sine import noisy_sine
    from course.slopes import (
        stand_in_activation_backward,
        stand_in_affine_backward,
        stand_in_cross_entropy,
    )
    from course.standins import StandInAdam, StandInSGD
    from course.steppers import chain_stepper, checker_scope
    from course.terrain import hills
    from course.training import train

__all__ = [
    "StandInAdam",
    "StandInSGD",
    "TanhNetwork",
    "chain_stepper",
    "check",
    "checker_scope",
    "hills",
    "noisy_sine",
    "optimizer_race",
    "plot_borders",
    "plot_error_curves",
    "plot_fits",
    "plot_hidden_units",
    "plot_surface",
    "plot_surfaces",
    "river",
    "stand_in_activation_backward",
    "stand_in_affine_backward",
    "stand_in_cross_entropy",
    "train",
    "use_style",
    "v_shape",
]

_HOMES = {
    "StandInAdam": "course.standins",
    "StandInSGD": "course.standins",
    "TanhNetwork": "course.network",
    "chain_stepper": "course.steppers",
    "check": "course.checking",
    "checker_scope": "course.steppers",
    "hills": "course.terrain",
    "noisy_sine": "course.sine",
    "optimizer_race": "course.race",
    "plot_borders": "course.plots.borders",
    "plot_error_curves": "course.plots.curves",
    "plot_fits": "course.plots.curves",
    "plot_hidden_units": "course.plots.hidden",
    "plot_surface": "course.plots.surfaces",
    "plot_surfaces": "course.plots.surfaces",
    "river": "course.classes",
    "stand_in_activation_backward": "course.slopes",
    "stand_in_affine_backward": "course.slopes",
    "stand_in_cross_entropy": "course.slopes",
    "train": "course.training",
    "use_style": "course.plots.style",
    "v_shape": "course.classes",
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
