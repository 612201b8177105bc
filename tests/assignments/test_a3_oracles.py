"""What the hidden tests of a3 expect: scikit-learn, the rules and the reference agree."""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import ParameterGrid, StratifiedKFold
from sklearn.preprocessing import StandardScaler

import course
from autograder.graders.a3_grid_search import (
    baseline_rules,
    gaussian_rules,
    score_rules,
    search_ledger,
    sensors,
)
from autograder.graders.a3_grid_search.plain import same, same_unordered
from autograder.grading import Draw
from autograder.grading.expect import PropertyFailed

from .material import all_differ, load_answers


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return load_answers("a3_grid_search")


def test_strata_of_scikit_learn_and_reference_are_equally_even(reference: ModuleType) -> None:
    labels = np.repeat([0, 1, 2], [17, 9, 5])
    split = StratifiedKFold(4, shuffle=True, random_state=0).split(labels, labels)
    theirs = [np.bincount(labels[held], minlength=3) for _, held in split]
    folds = reference.stratified_folds(labels, 4, np.random.default_rng(0))
    ours = [np.bincount(labels[held], minlength=3) for held in folds]
    assert np.ptp(ours, axis=0).tolist() == np.ptp(theirs, axis=0).tolist() == [1, 1, 1]


def test_signals_of_scikit_learn_torch_and_reference_agree(reference: ModuleType) -> None:
    rng = np.random.default_rng(0)
    x, t = rng.normal(3.0, [1.0, 20.0, 0.1], (30, 3)), rng.normal(size=30)
    z = StandardScaler().fit_transform(x)
    want = LinearRegression().fit(z, t).coef_
    np.testing.assert_allclose(reference.linear_signal(x, t), want)
    np.testing.assert_allclose(baseline_rules.slopes_by_torch(z, t), want)


def test_scores_of_scikit_learn_rule_and_reference_agree(reference: ModuleType) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        truth, alarm = rng.integers(2, size=(2, 12))
        want = metrics.precision_recall_fscore_support(
            truth, alarm, average="binary", zero_division=0
        )[:3]
        np.testing.assert_allclose(reference.alarm_scores(truth, alarm), want)
        np.testing.assert_allclose(score_rules.right_scores(truth, alarm), want)
        np.testing.assert_array_equal(
            reference.confusion_matrix(truth, alarm, 2),
            metrics.confusion_matrix(truth, alarm, labels=[0, 1]),
        )


def test_grids_of_scikit_learn_ledger_and_reference_agree(reference: ModuleType) -> None:
    grid = {"a": [1, 2], "b": ["x", "y", "z"], "c": [0.5]}
    want = list(ParameterGrid(grid))
    assert reference.combinations(grid) == search_ledger.every_combination(grid)
    assert all(config in want for config in reference.combinations(grid))
    assert len(want) == 6


def test_processes_of_scikit_learn_rule_and_reference_agree(reference: ModuleType) -> None:
    rng = np.random.default_rng(2)
    x, y, new = rng.uniform(size=(6, 2)), rng.normal(size=6), rng.uniform(size=(9, 2))
    process = GaussianProcessRegressor(RBF(0.4), alpha=0.3**2, optimizer=None).fit(x, y)
    mean, std = process.predict(new, return_std=True)
    by_rule = gaussian_rules.posterior(x, y, new, 0.4, 0.3**2)
    by_reference = reference.gp_posterior(x, y, new, 0.4, 0.3)
    np.testing.assert_allclose(by_rule[0], mean, rtol=1e-8)
    np.testing.assert_allclose(np.sqrt(by_rule[1]), std, rtol=1e-8)
    np.testing.assert_allclose(by_reference[0], mean, rtol=1e-8)
    np.testing.assert_allclose(by_reference[1], std, rtol=1e-8)


def test_improvements_of_rule_reference_and_a_million_draws_agree(reference: ModuleType) -> None:
    mean, std, best = np.array([0.3, -0.2, 0.1]), np.array([0.5, 0.2, 1.0]), 0.05
    draws = np.random.default_rng(3).normal(mean, std, (1_000_000, 3))
    by_chance = np.maximum(best - draws, 0.0).mean(axis=0)
    by_rule = gaussian_rules.improvement(mean, std, best)
    np.testing.assert_allclose(by_rule, by_chance, atol=2e-3)
    np.testing.assert_allclose(reference.expected_improvement(mean, std, best), by_rule, rtol=1e-9)


@pytest.mark.parametrize("rules", ["kernels", "posteriors", "improvements"])
def test_every_mistake_differs_from_the_right_rule_and_from_the_others(rules: str) -> None:
    rng = np.random.default_rng(4)
    a, b, y = rng.uniform(0, 2, (4, 2)), rng.uniform(size=(4, 2)), rng.normal(size=4)
    mean, std, best = rng.normal(size=4), rng.uniform(0.2, 0.8, 4), 0.1
    found: dict[str, Any]
    if rules == "kernels":
        found = {n: f(a, b, 1.4) for n, f in gaussian_rules.WRONG_KERNELS.items()}
        found["right"] = gaussian_rules.kernel(a, b, 1.4)
    elif rules == "posteriors":
        found = {
            n: np.concatenate(pair)
            for n, pair in gaussian_rules.wrong_posteriors(a, y, b, 1.1, 0.4).items()
        }
        m, v = gaussian_rules.posterior(a, y, b, 1.1, 0.16)
        found["right"] = np.concatenate([m, np.sqrt(v)])
    else:
        found = {n: f(mean, std, best) for n, f in gaussian_rules.WRONG_IMPROVEMENTS.items()}
        found["right"] = gaussian_rules.improvement(mean, std, best)
    assert len(found) >= 6
    all_differ(found)


def test_divisor_of_the_spread_decides_between_two_candidates() -> None:
    """As the hidden test says: beside the better trial by N, far from both by N - 1."""
    beside = gaussian_rules.LENGTH * math.sqrt(-2.0 * math.log(0.95))
    candidates = np.array([[5.0 + beside], [30.0], [0.0], [5.0]])
    for high in (1.0, 8.0):
        errors = np.array([9.0, 9.0, high, 0.0])
        beside_it, far = (
            gaussian_rules.promise(candidates, errors, [2, 3, row], done=2) for row in (0, 1)
        )
        assert beside_it["right"] == 1.0
        assert far["right"] == pytest.approx(1 / 1.23, abs=0.01)
        assert far["spread-over-one-less"] == 1.0
        assert beside_it["spread-over-one-less"] == pytest.approx(0.78, abs=0.01)


def test_shares_cancel_in_the_policys_slope_with_the_batchs_own_mean(reference: ModuleType) -> None:
    """So no hidden test can tell who forgot them, and the notebook says why."""
    rng = np.random.default_rng(6)
    logits, choices, rewards = rng.normal(size=4), rng.integers(4, size=9), rng.normal(size=9)
    without = np.bincount(choices, weights=rewards - rewards.mean(), minlength=4) / 9
    np.testing.assert_allclose(reference.policy_slopes(logits, choices, rewards), without)


def test_hidden_sensors_are_not_the_courses_nor_each_others() -> None:
    known = course.sensor_readings()
    config = {"layers": [8, 8], "lr": 0.05}
    predict = course.train_network(config, known.x_train, known.t_train)
    hidden = [sensors.new_sensor(Draw(seed)) for seed in range(4)]
    for sensor in hidden:
        assert sensor.share(predict(sensor.x_new)) > 0.2
        assert sensor.share(sensor.t_new) == 0.0
        assert sensor.share(np.full_like(sensor.t_new, sensor.t_new.mean())) == pytest.approx(1.0)
    assert len({float(sensor.x_train.sum()) for sensor in hidden}) == 4


def test_workshop_of_the_grader_counts_and_refuses_odd_orders() -> None:
    workshop = sensors.CountingWorkshop(2, steps=3)
    x, t = np.arange(6.0).reshape(3, 2), np.ones((3, 1))
    assert workshop.train({"layers": [2], "lr": 0.1}, x, t)(x).shape == (3, 1)
    for config in (None, {}, {"layers": 3, "lr": 0.1}, {"layers": [2], "lr": math.nan}):
        with pytest.raises(PropertyFailed):
            workshop.train(config, x, t)
    workshop.train({"layers": [], "lr": 0.1}, x, t)
    with pytest.raises(PropertyFailed, match="budget"):
        workshop.train({"layers": [2], "lr": 0.1}, x, t)
    assert len(workshop.configs) == 2


def test_ledger_tells_folds_models_and_strangers_apart() -> None:
    draw = Draw(5)
    ledger = search_ledger.new_ledger(draw, {"a": [1, 2]}, np.ones(2), np.ones(2))
    model = ledger.make({"a": 2})
    ledger.fit(model, *ledger.folds["train"])
    both = [np.concatenate(pair) for pair in zip(*ledger.folds.values(), strict=True)]
    ledger.fit(model, *both)
    assert [event[2] for event in ledger.events] == ["train", "a mixture"]
    for stranger in ("model 0", None, 3, ledger):
        with pytest.raises(PropertyFailed):
            ledger.fit(stranger, *ledger.folds["train"])
    with pytest.raises(PropertyFailed):
        ledger.make({"a": 3})


def test_values_are_the_same_only_with_their_kinds() -> None:
    assert same([1, "a", None], [np.int64(1), "a", None])
    assert same(math.nan, math.nan)
    assert not same([1], (1,))
    assert not same("1", 1)
    assert same_unordered({"a": 1, "b": [2]}, {"b": [2], "a": 1})
    assert not same_unordered({"a": 1}, {"a": 1, "b": 2})
    assert not same_unordered({"a": 1}, None)
