"""Hidden tests of a3_t11: calibrate sensors that nobody has seen, within a budget of trainings.

The task is open: nothing but the oxygen at new readings is judged, and the trainings counted.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, StudentRaised, expect

from .plain import Array, generator
from .sensors import CountingWorkshop, Sensor, new_sensor

# Measured over 100 draws of four sensors (the reference) and 12 (all others): right answers leave
# 0.05 of one sensor at most and 0.031 of four on average; one guess at 0.01 leaves 0.12 to 0.14,
# rates on the line 0.09 to 0.45, the largest validation error 0.36 and more. Single layers, well
# searched, leave 0.057: what costs them is the test that asks for more than one depth.
ANY, FOUND, WELL = 0.2, 0.09, 0.065


def calibrated(
    student: Student,
    sensor: Sensor,
    workshop: CountingWorkshop,
    seed: int,
    budget: int | None = None,
) -> Handle:
    """Let the student calibrate a sensor; return the function that came back."""
    rng = generator(student, seed)
    budget = workshop.budget if budget is None else budget
    return student.new("calibrate", workshop.train, *sensor.readings, budget, rng)


def oxygen_at(predict: Handle, readings: Array) -> Array:
    """Ask for the oxygen of readings, and expect one finite number for each."""
    try:
        got = predict.call("__call__", readings)
    except StudentRaised as raised:
        missing = raised.type_name == "AttributeError" and "__call__" in raised.message
        expect.true(not missing, what="calibrate returns a function: readings in, oxygen out")
        raise
    expect.true(
        _finite(got, (len(readings), 1)),
        what=f"for {len(readings)} readings the function returns finite numbers of shape "
        f"({len(readings)}, 1)",
        got=got,
        hint="oxygen-in-a-row" if _finite(got, (len(readings),)) else None,
    )
    return np.asarray(got, dtype=np.float64)


def _finite(got: Any, shape: tuple[int, ...]) -> bool:
    try:
        array = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError):
        return False
    return array.shape == shape and bool(np.isfinite(array).all())


@pytest.mark.task("a3_t11", points=1)
def test_budget_of_trainings_is_kept(student: Student, draw: Draw) -> None:
    sensor = new_sensor(draw, train=30, valid=15, new=4)
    for budget in (1, 2, 5, 12):
        workshop = CountingWorkshop(budget, steps=10)
        oxygen_at(calibrated(student, sensor, workshop, draw.integer(1, 99)), sensor.x_new)
        expect.true(
            1 <= len(workshop.configs) <= budget,
            what="there is at least one training, and not more than the budget allows",
            got=len(workshop.configs),
            inputs={"budget": budget},
            hint="never-trained" if not workshop.configs else "budget-overspent",
        )


@pytest.mark.task("a3_t11", points=2)
def test_depth_and_width_are_explored(student: Student, draw: Draw) -> None:
    sensor = new_sensor(draw, train=30, valid=15, new=4)
    for budget in (draw.integer(4, 6), 12):
        workshop = CountingWorkshop(budget, steps=10)
        calibrated(student, sensor, workshop, draw.integer(1, 99))
        expect.true(len(workshop.configs) > 0, what="networks are trained")
        depths = {len(config["layers"]) for config in workshop.configs}
        widths = {width for config in workshop.configs for width in config["layers"]}
        for count, what, hint in (
            (len(depths), "more than one depth", "one-depth-only"),
            (len(widths), "more than one width", "one-width-only"),
        ):
            expect.true(
                count > 1,
                what=f"the search tries {what}; told are the layers of each training",
                got=[config["layers"] for config in workshop.configs],
                inputs={"budget": budget},
                hint=hint,
            )


@pytest.mark.task("a3_t11", points=1)
def test_any_number_of_readings_and_nothing_changed(student: Student, draw: Draw) -> None:
    sensor = new_sensor(draw, train=40, valid=20, new=12)
    workshop = CountingWorkshop(12, steps=40)
    held = [student.put(part) for part in sensor.readings]
    predict = student.new("calibrate", workshop.train, *held, 12, generator(student, 3))
    for handle, before in zip(held, sensor.readings, strict=True):
        expect.unchanged(
            handle, before, what="calibrate leaves its arrays as they are", hint="readings-changed"
        )
    whole = oxygen_at(predict, sensor.x_new)
    for rows in (slice(0, 1), slice(3, 10)):
        expect.close(
            oxygen_at(predict, sensor.x_new[rows]),
            whole[rows],
            what="the oxygen of a reading does not depend on which others are asked for",
            rtol=1e-4,
            atol=1e-3,
        )
    expect.true(
        bool(np.ptp(whole) > 1.0), what="different readings get different oxygen", got=whole
    )


@pytest.mark.task("a3_t11", points=2)
def test_a_sensor_is_calibrated(student: Student, draw: Draw) -> None:
    expect_share(student, draw, 1, ANY)


@pytest.mark.task("a3_t11", points=3)
def test_sensors_are_calibrated_well(student: Student, draw: Draw) -> None:
    expect_share(student, draw, 4, FOUND)


@pytest.mark.task("a3_t11", points=3)
def test_sensors_are_calibrated_very_well(student: Student, draw: Draw) -> None:
    expect_share(student, draw, 4, WELL)


def expect_share(student: Student, draw: Draw, sensors: int, limit: float) -> None:
    """Expect calibrations that leave less than this share of the oxygen unexplained, on average."""
    shares, looks = [], []
    for _ in range(sensors):
        sensor, workshop = new_sensor(draw), CountingWorkshop(12)
        predict = calibrated(student, sensor, workshop, draw.integer(1, 99))
        oxygen = oxygen_at(predict, sensor.x_new)
        shares.append(sensor.share(oxygen))
        looks.append(partial(looks_like, sensor, oxygen, workshop))
    share = float(np.mean(shares))
    names = (look() for look in looks) if share >= limit else ()
    expect.true(
        share < limit,
        what="the oxygen is right at new readings. The root mean squared error there, divided by "
        f"the standard deviation of the oxygen, must be below {limit}"
        + (f", on average over {sensors} sensors" if sensors > 1 else ""),
        got=share,
        expected=f"below {limit}",
        inputs={"budget": 12, "sensors": sensors},
        hint=next(filter(None, names), None if share < limit else "not-yet-calibrated"),
    )


def looks_like(sensor: Sensor, oxygen: Array, workshop: CountingWorkshop) -> str | None:
    """Name the mistake that a calibration looks like, if it is a known one."""
    if np.ptp(oxygen) < 1e-3 * sensor.t_new.std():
        return "one-answer-for-all"
    if workshop.configs and not any(config["layers"] for config in workshop.configs):
        return "straight-lines-only"
    rates = [config["lr"] for config in workshop.configs] or [0.05]
    if max(rates) < 0.005:
        return "rates-too-low"
    if np.median(rates) > 0.25:
        return "rates-too-high"
    if 0 < len(workshop.configs) < 4:
        return "budget-hardly-used"
    return None
