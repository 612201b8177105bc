"""Lets one optimizer run over a track, and turns whatever goes wrong into a kind sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.arrays import Array
from course.errors import message_of, name_and_message
from course.race.tracks import Track
from course.training import BadStepError, Optimizer, checked_step

MakeOptimizer = Callable[..., Optimizer]
"""A student's optimizer class: takes settings by name, returns an object with ``step``."""

_FAR = 1e6
_LONG_AFTER = 10**9


@dataclass(frozen=True)
class Run:
    """Where an optimizer went.

    Attributes
    ----------
    path
        The weights at the start and after every step, shape (steps + 1, 2); shorter if the run
        ended early.
    losses
        The loss at each of them, shape (steps + 1,).
    state
        What ended the run early, in a few words; empty if nothing did.
    trouble
        The same in a sentence.
    """

    path: Array
    losses: Array
    state: str = ""
    trouble: str = ""


class _EndedEarly(Exception):
    """Carries state and trouble of a run out of the loop."""


def run_race(
    make: MakeOptimizer, settings: Mapping[str, Any], track: Track, steps: int, corrected: bool
) -> Run:
    """Construct the student's optimizer with these settings and let it take ``steps`` steps.

    Parameters
    ----------
    make
        The student's class.
    settings
        Keyword arguments for it.
    track
        The surface, with its start.
    steps
        How many steps.
    corrected
        False to run without bias correction; see :func:`without_correction`.

    Returns
    -------
    Run
        Never an exception: what the student's code raises stands in ``trouble``.
    """
    path = [np.array(track.start)]
    state, trouble = "", ""
    try:
        optimizer = make(**settings)
        if not corrected:
            without_correction(optimizer)
        with np.errstate(all="ignore"):
            while len(path) <= steps:
                path.append(_advance(optimizer, track, path[-1]))
    except _EndedEarly as end:
        state, trouble = end.args
    except NotImplementedError as error:
        state, trouble = "not written yet", f"not written yet. {message_of(error)}"
    except BadStepError as error:
        state, trouble = "stopped", str(error)
    except (Exception, SystemExit) as error:
        state, trouble = "stopped", f"your code raised {name_and_message(error)}"
    walked = np.array(path)
    return Run(walked, track.loss(walked[:, 0], walked[:, 1]), state, trouble)


def without_correction(optimizer: Any) -> None:
    """Switch the bias correction off in an Adam that has no switch for it.

    The correction divides by 1 - beta**t. An optimizer that believes to be at step t = 10**9,
    with both averages still zero, divides by 1: exactly the update without correction.
    """
    optimizer.m, optimizer.v, optimizer.t = np.zeros(2), np.zeros(2), _LONG_AFTER


def _advance(optimizer: Optimizer, track: Track, here: Array) -> Array:
    """Return the weights after one more step."""
    new = checked_step(optimizer, here.copy(), track.gradient(here))
    if not np.isfinite(new).all():
        raise _EndedEarly("stopped", f"a step from {here} gave {new}, which are no finite weights")
    if np.abs(new).max() > _FAR:
        raise _EndedEarly("diverged", "diverged: a weight grew beyond a million")
    return new
