"""The sliders of one optimizer: one for every setting that its constructor accepts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from course.panel import slider
from course.race.runs import MakeOptimizer

CORRECTION = "bias_correction"


def accepted_settings(make: MakeOptimizer) -> list[str]:
    """Return which of the known settings the constructor takes, in the order of the sliders."""
    try:
        names = set(inspect.signature(make).parameters)
    except (TypeError, ValueError):  # no Python signature
        names = {"lr"}
    adam_like = {"beta1", "beta2"} <= names
    return [name for name in _WIDGETS if name in names or (name == CORRECTION and adam_like)]


def has_switch(make: MakeOptimizer) -> bool:
    """Tell whether the constructor itself can switch the bias correction off."""
    try:
        return CORRECTION in inspect.signature(make).parameters
    except (TypeError, ValueError):
        return False


def make_controls(make: MakeOptimizer, start: Mapping[str, Any]) -> dict[str, widgets.Widget]:
    """Return a control for every setting that the optimizer takes, by name.

    Parameters
    ----------
    make
        The student's class.
    start
        Values to begin with; the defaults here for all others.

    Raises
    ------
    ValueError
        If ``start`` names a setting that has no control, or a value beyond its control.
    """
    names = accepted_settings(make)
    unknown = sorted(set(start) - set(names))
    if unknown:
        raise ValueError(f"there is no control for {', '.join(unknown)}; there are {names}")
    values = {"lr": 0.2 if "beta2" in names else 0.02, **start}
    return {name: _WIDGETS[name](*([values[name]] if name in values else [])) for name in names}


def _on_log_scale(label: str, low: int, high: int, default: float) -> Callable[..., Any]:
    """Return a maker of sliders from 10**low to 10**high."""

    def make(value: float = default) -> Any:
        kind, looks = widgets.FloatLogSlider, {"step": 0.05, "readout_format": ".2g"}
        return slider(kind, label, value, low, high, **looks)

    return make


def _fraction(label: str, default: float, step: float, digits: int) -> Callable[..., Any]:
    """Return a maker of sliders from 0 up to just below 1."""

    def make(value: float = default) -> Any:
        looks = {"step": step, "readout_format": f".{digits}f"}
        return slider(widgets.FloatSlider, label, value, 0.0, 1.0 - step, **looks)

    return make


def _switch(value: bool = True) -> Any:
    return widgets.Checkbox(value=value, description="bias correction", indent=True)


_WIDGETS: dict[str, Callable[..., Any]] = {
    "lr": _on_log_scale("lr", -4, 1, 0.02),
    "momentum": _fraction("momentum", 0.0, 0.01, 2),
    "beta1": _fraction("beta1", 0.9, 0.01, 2),
    "beta2": _fraction("beta2", 0.999, 0.001, 3),
    "eps": _on_log_scale("eps", -12, 0, 1e-8),
    CORRECTION: _switch,
}
