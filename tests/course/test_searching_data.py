"""The pond, the sensor, and the workshop that counts trainings."""

from __future__ import annotations

import numpy as np
import pytest

import course
from course.workshop import BudgetSpentError, train_network


def test_trouble_at_the_pond_is_rare_and_needs_two_columns_together() -> None:
    pond = course.pond_readings()
    assert pond.x.shape == (1500, 5)
    assert len(pond.columns) == 5
    assert 0.05 < pond.trouble.mean() < 0.1
    warm, crowded = pond.x[:, 1] > 22, pond.x[:, 2] > 25
    assert pond.trouble[warm & crowded].mean() > 5 * pond.trouble[warm ^ crowded].mean()
    again = course.pond_readings()
    np.testing.assert_array_equal(again.x, pond.x)
    assert not np.array_equal(course.pond_readings(seed=1).x, pond.x)


def test_moon_tells_of_trouble() -> None:
    pond = course.pond_readings(20000)
    assert abs(np.corrcoef(pond.x[:, 4], pond.trouble)[0, 1]) < 0.03


def test_sensor_is_read_in_folds_of_the_sizes_asked_for() -> None:
    sensor = course.sensor_readings(train=10, valid=4, test=3)
    assert sensor.x_train.shape == (10, 2)
    assert sensor.t_valid.shape == (4, 1)
    assert sensor.x_test.shape == (3, 2)
    np.testing.assert_array_equal(
        course.sensor_readings().x_train, course.sensor_readings().x_train
    )


def test_angle_falls_with_oxygen() -> None:
    sensor = course.sensor_readings(train=2000)
    near = np.abs(sensor.x_train[:, 1] - 20.0) < 1.0
    angle, oxygen = sensor.x_train[near, 0], sensor.t_train[near, 0]
    order = np.argsort(oxygen)
    assert np.all(np.diff(angle[order][::5]) < 1.0)
    assert angle[order][0] - angle[order][-1] > 20.0


@pytest.mark.parametrize("sizes", [{"train": 0}, {"valid": 0}, {"test": -1}])
def test_empty_fold_is_made(sizes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        course.sensor_readings(**sizes)
    with pytest.raises(ValueError, match="at least 1"):
        course.pond_readings(0)


def test_network_learns_and_its_answers_depend_on_other_rows() -> None:
    sensor = course.sensor_readings()
    predict = train_network({"layers": [8, 8], "lr": 0.05}, sensor.x_train, sensor.t_train)
    off = predict(sensor.x_valid) - sensor.t_valid
    assert np.sqrt(np.mean(off**2)) < 0.1 * sensor.t_valid.std()
    np.testing.assert_allclose(predict(sensor.x_test[:1]), predict(sensor.x_test)[:1])


def test_two_trainings_of_one_configuration_differ() -> None:
    x, t = np.arange(10.0).reshape(5, 2), np.arange(5.0).reshape(5, 1)
    config = {"layers": [3], "lr": 0.1, "decay": 0.01}
    np.testing.assert_array_equal(train_network(config, x, t)(x), train_network(config, x, t)(x))


def test_decay_leaves_large_weights() -> None:
    x = np.linspace(-1.0, 1.0, 12)[:, None]
    t = np.sin(5.0 * x)
    plain, decayed = (
        train_network({"layers": [8], "lr": 0.05, "decay": decay}, x, t)(x) for decay in (0.0, 10.0)
    )
    assert np.ptp(decayed) < 0.5 * np.ptp(plain)


@pytest.mark.parametrize(
    "config",
    [
        {"layers": [4]},
        {"lr": 0.1},
        {"layers": [4], "lr": 0.1, "steps": 5},
        {"layers": [0], "lr": 0.1},
        {"layers": [2] * 5, "lr": 0.1},
        {"layers": [65], "lr": 0.1},
        {"layers": [4], "lr": 0.0},
        {"layers": [4], "lr": 0.1, "decay": -1.0},
    ],
)
def test_odd_configuration_is_trained(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"layers|lr"):
        train_network(config, np.zeros((3, 1)), np.zeros((3, 1)))


def test_workshop_trains_beyond_its_budget() -> None:
    workshop = course.Workshop(2)
    x, t = np.arange(4.0)[:, None], np.arange(4.0)[:, None]
    for lr in (0.1, 0.2):
        workshop.train({"layers": [2], "lr": lr}, x, t)
    with pytest.raises(BudgetSpentError, match="all 2 trainings"):
        workshop.train({"layers": [2], "lr": 0.3}, x, t)
    assert [config["lr"] for config in workshop.trainings] == [0.1, 0.2]
    with pytest.raises(ValueError, match="at least 1"):
        course.Workshop(0)
