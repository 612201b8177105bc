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
``pond_readings``     evenings at a fish pond, and whether the fish were in trouble
``sensor_readings``   an oxygen sensor to calibrate, in folds
``train_network``     trains a network to a configuration, as a search needs it
``Workshop``          the same, with a budget of trainings
``plot_heat_map``     the error of every pair of two settings
``plot_learning_curves`` errors against the number of training rows
``plot_gaps``         the gaps between floor, training, validation and test error
``plot_progress``     the lowest error so far of several searches
``plot_posterior``    what a Gaussian process believes, and where it would try next
``search_panel``      your grid search from above, and what a peek at the test set costs
``run_ranks``         run a function in several processes that can talk to each other
``plot_memory``       what a rank holds in memory, by kind
``plot_pipeline``     who does what in which tick
``pipeline_panel``    sliders that drive your own pipeline schedule
``simulate_workers``  workers that wait for each other, and workers that do not
``pump_readings``     readings of pumps, and which pump failed
``pump_model``        a network trained on them, with all that a prediction needs
``Refused``           the exception for a request that is the client's mistake
``StandInService``    the parts of a service, to go on with until yours work
``practice_app``      a web application that misbehaves when it is asked to
``work``              work for a server of your own
``serve_locally``     run an application under gunicorn, on this machine only
``ask``               send one request
``load_test``         send many, from several clients at once
``plot_latencies``    how long answers take
``request_console``   a panel that sends requests to your own application
``Cache``             a cache that counts hits and misses, and ``count_misses`` for a product
``plot_misses``       where a product waited for memory
``cores_panel``       sliders that drive your own chunks; Amdahl's law
``portable``          a notebook's function in a form that any process understands
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
    from course.cache import Cache, count_misses
    from course.checking import check
    from course.classes import river, v_shape
    from course.cores import cores_panel
    from course.network import TanhNetwork
    from course.peek import search_panel
    from course.pickling import portable
    from course.pipeline import pipeline_panel
    from course.plots.borders import plot_borders
    from course.plots.cache import plot_misses
    from course.plots.curves import plot_error_curves, plot_fits
    from course.plots.hidden import plot_hidden_units
    from course.plots.latencies import plot_latencies
    from course.plots.memory import plot_memory
    from course.plots.searching import (
        plot_gaps,
        plot_heat_map,
        plot_learning_curves,
        plot_posterior,
        plot_progress,
    )
    from course.plots.style import use_style
    from course.plots.surfaces import plot_surface, plot_surfaces
    from course.plots.timeline import plot_pipeline
    from course.pond import pond_readings
    from course.pumps import pump_model, pump_readings
    from course.race import optimizer_race
    from course.ranks import run_ranks
    from course.sensor import sensor_readings
    from course.serving.client import ask, load_test
    from course.serving.console import request_console
    from course.serving.local import serve_locally
    from course.serving.practice import practice_app, work
    from course.serving.refusal import Refused
    from course.serving.standins import StandInService
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
    from course.workers import simulate_workers
    from course.workshop import Workshop, train_network

__all__ = [
    "Cache",
    "Refused",
    "StandInAdam",
    "StandInSGD",
    "StandInService",
    "TanhNetwork",
    "Workshop",
    "ask",
    "chain_stepper",
    "check",
    "checker_scope",
    "cores_panel",
    "count_misses",
    "hills",
    "load_test",
    "noisy_sine",
    "optimizer_race",
    "pipeline_panel",
    "plot_borders",
    "plot_error_curves",
    "plot_fits",
    "plot_gaps",
    "plot_heat_map",
    "plot_hidden_units",
    "plot_latencies",
    "plot_learning_curves",
    "plot_memory",
    "plot_misses",
    "plot_pipeline",
    "plot_posterior",
    "plot_progress",
    "plot_surface",
    "plot_surfaces",
    "pond_readings",
    "portable",
    "practice_app",
    "pump_model",
    "pump_readings",
    "request_console",
    "river",
    "run_ranks",
    "search_panel",
    "sensor_readings",
    "serve_locally",
    "simulate_workers",
    "stand_in_activation_backward",
    "stand_in_affine_backward",
    "stand_in_cross_entropy",
    "train",
    "train_network",
    "use_style",
    "v_shape",
    "work",
]

_HOMES = {
    "Refused": "course.serving.refusal",
    "Cache": "course.cache",
    "StandInAdam": "course.standins",
    "StandInSGD": "course.standins",
    "StandInService": "course.serving.standins",
    "TanhNetwork": "course.network",
    "Workshop": "course.workshop",
    "ask": "course.serving.client",
    "chain_stepper": "course.steppers",
    "check": "course.checking",
    "checker_scope": "course.steppers",
    "cores_panel": "course.cores",
    "count_misses": "course.cache",
    "hills": "course.terrain",
    "load_test": "course.serving.client",
    "noisy_sine": "course.sine",
    "optimizer_race": "course.race",
    "pipeline_panel": "course.pipeline",
    "plot_borders": "course.plots.borders",
    "plot_error_curves": "course.plots.curves",
    "plot_fits": "course.plots.curves",
    "plot_gaps": "course.plots.searching",
    "plot_heat_map": "course.plots.searching",
    "plot_hidden_units": "course.plots.hidden",
    "plot_latencies": "course.plots.latencies",
    "plot_learning_curves": "course.plots.searching",
    "plot_memory": "course.plots.memory",
    "plot_misses": "course.plots.cache",
    "plot_pipeline": "course.plots.timeline",
    "plot_posterior": "course.plots.searching",
    "plot_progress": "course.plots.searching",
    "plot_surface": "course.plots.surfaces",
    "plot_surfaces": "course.plots.surfaces",
    "pond_readings": "course.pond",
    "practice_app": "course.serving.practice",
    "pump_model": "course.pumps",
    "pump_readings": "course.pumps",
    "request_console": "course.serving.console",
    "portable": "course.pickling",
    "river": "course.classes",
    "run_ranks": "course.ranks",
    "search_panel": "course.peek",
    "sensor_readings": "course.sensor",
    "serve_locally": "course.serving.local",
    "simulate_workers": "course.workers",
    "stand_in_activation_backward": "course.slopes",
    "stand_in_affine_backward": "course.slopes",
    "stand_in_cross_entropy": "course.slopes",
    "train": "course.training",
    "train_network": "course.workshop",
    "use_style": "course.plots.style",
    "v_shape": "course.classes",
    "work": "course.serving.practice",
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
