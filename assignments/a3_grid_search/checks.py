"""Visible checks of "Choosing a model honestly": run them with ``check("a3_t5")`` and so on.

They show what is meant, on the examples of the notebook that can be done by hand. Marks come from
hidden tests with other numbers, other shapes, and functions that take note of every call.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course.checking import Answer, visible


def must_be_close(got: Any, want: Any, what: str) -> None:
    """Demand that ``got`` is ``want`` to about five digits, shape included."""
    assert got is not None, f"{what}: expected {want}, but nothing was returned (None)"
    found, wanted = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert found.shape == wanted.shape, (
        f"{what}: expected the shape {wanted.shape}, and yours is {found.shape}"
    )
    close = np.allclose(found, wanted, rtol=1e-5, atol=1e-7, equal_nan=True)
    assert close, f"{what}: expected {want}, got {got}"


def must_be(got: Any, want: Any, what: str) -> None:
    """Demand that ``got`` equals ``want``."""
    assert got == want, f"{what}: expected {want!r}, got {got!r}"


def must_raise(run: Any, what: str) -> None:
    """Demand that ``run()`` raises a ValueError."""
    try:
        run()
    except ValueError:
        return
    raise AssertionError(f"{what}: a ValueError was expected, and nothing was raised")


@visible("a3_t1")
def three_folds_hold_each_row_once(answer: Answer) -> None:
    """Ten rows, three to validate and two to test: five are left, and each row comes once."""
    folds = answer.three_folds(10, 3, 2, np.random.default_rng(0))
    must_be([len(fold) for fold in folds], [5, 3, 2], "the sizes of train, valid and test")
    must_be(sorted(int(row) for fold in folds for row in fold), list(range(10)), "all rows")
    must_raise(
        lambda: answer.three_folds(5, 3, 2, np.random.default_rng(0)), "no row to train with"
    )


@visible("a3_t1")
def seven_rows_are_dealt_as_by_hand(answer: Answer) -> None:
    """Five zeros and two ones in three folds: 3, 2 and 2 rows, and the ones in two of them."""
    labels = np.array([0, 0, 0, 0, 0, 1, 1])
    folds = answer.stratified_folds(labels, 3, np.random.default_rng(0))
    must_be(sorted(len(fold) for fold in folds), [2, 2, 3], "the sizes of the folds")
    must_be(sorted(int(labels[fold].sum()) for fold in folds), [0, 1, 1], "ones in the folds")


@visible("a3_t1")
def scaler_never_sees_the_fold(answer: Answer) -> None:
    """Four rows in two folds: each scaler and each model see the two other rows."""
    seen: list[list[float]] = []

    def make_scaler(rows: Any) -> Any:
        seen.append(sorted(float(value) for value in np.ravel(rows)))
        return lambda values: values - np.mean(rows)

    errors = answer.cross_validate(
        [np.array([0, 1]), np.array([2, 3])],
        np.array([[0.0], [2.0], [10.0], [12.0]]),
        np.zeros(4),
        make_scaler,
        lambda rows, targets: float(np.mean(rows)),
        lambda model, rows, targets: float(np.mean(rows) - model),
    )
    must_be(seen, [[10.0, 12.0], [0.0, 2.0]], "what the two scalers saw")
    must_be_close(errors, [-10.0, 10.0], "the errors")


@visible("a3_t2")
def most_frequent_label(answer: Answer) -> None:
    """Of 3, 1, 3, 1, 2 the labels 1 and 3 are most frequent, and 1 is smaller."""
    must_be(answer.majority_class(np.array([3, 1, 3, 1, 2])), 1, "the majority")


@visible("a3_t2")
def slope_of_two_points(answer: Answer) -> None:
    """The column 0, 2 with targets 1, 5 has the slope 2; a constant column has 0."""
    x = np.array([[0.0], [2.0]])
    must_be_close(answer.linear_signal(x, np.array([1.0, 5.0])), [2.0], "one column")
    x = np.array([[0.0, 7.0], [2.0, 7.0], [1.0, 7.0], [1.0, 7.0]])
    got = answer.linear_signal(x, np.array([1.0, 5.0, 3.0, 3.0]))
    must_be_close(got, [math.sqrt(2.0), 0.0], "a column and a constant one")


@visible("a3_t2")
def front_by_hand(answer: Answer) -> None:
    """The four models of the example: nobody beats 0, 1 and 3."""
    front = answer.pareto_front([0.90, 0.95, 0.95, 0.93], [1, 5, 9, 7], [2, 2, 2, 1])
    must_be(list(front), [0, 1, 3], "the front")


@visible("a3_t3")
def matrix_of_four(answer: Answer) -> None:
    """Truth 0, 0, 1, 1 called 0, 1, 1, 1: one false alarm, two hits."""
    got = answer.confusion_matrix(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 2)
    must_be_close(got, [[1, 1], [0, 2]], "the matrix")


@visible("a3_t3")
def scores_of_four(answer: Answer) -> None:
    """Two hits and one false alarm: precision 2/3, recall 1, F1 0.8."""
    got = answer.alarm_scores(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]))
    must_be_close(got, [2 / 3, 1.0, 0.8], "precision, recall, F1")
    must_be_close(answer.alarm_scores(np.array([0, 1]), np.array([0, 0])), [0, 0, 0], "no alarm")


@visible("a3_t3")
def thresholds_of_the_table(answer: Answer) -> None:
    """The table's cheapest thresholds: 0.8 at equal prices, 0.4 if a miss costs five."""
    truth, score = np.array([0, 1, 0, 1]), np.array([0.2, 0.4, 0.6, 0.8])
    must_be_close(answer.cheapest_threshold(truth, score, 1, 1), [0.8, 1.0], "prices 1 and 1")
    must_be_close(answer.cheapest_threshold(truth, score, 1, 5), [0.4, 1.0], "prices 1 and 5")


@visible("a3_t4")
def curve_of_the_first_rows(answer: Answer) -> None:
    """A model that answers with the mean target, trained on the first 1 and 3 rows."""
    got = answer.learning_curve(
        [1, 3],
        lambda x, t: float(np.mean(t)),
        lambda model, x, t: float(np.mean(np.abs(t - model))),
        (np.arange(4.0), np.array([0.0, 3.0, 3.0, 9.0])),
        (np.arange(2.0), np.array([2.0, 4.0])),
    )
    must_be_close(got, [[0.0, 3.0], [4 / 3, 1.0]], "training and validation errors")


@visible("a3_t4")
def gaps_by_hand(answer: Answer) -> None:
    """1, 2, 3, 9, 10 %: mismatch of 6; without train-dev rows, variance of 7."""
    got = answer.largest_gap(1.0, 2.0, 9.0, 10.0, 3.0)
    assert got is not None, "largest_gap returned nothing (None)"
    must_be(tuple(got), ("mismatch", 6.0), "with train-dev rows")
    must_be(tuple(answer.largest_gap(1.0, 2.0, 9.0, 10.0)), ("variance", 7.0), "without them")


@visible("a3_t5")
def six_combinations_in_order(answer: Answer) -> None:
    """Two learning rates and three lists of layers give six combinations."""
    grid = {"lr": [0.1, 0.01], "layers": [[4], [8], [8, 8]]}
    want = [{"lr": lr, "layers": layers} for lr in (0.1, 0.01) for layers in ([4], [8], [8, 8])]
    must_be(answer.combinations(grid), want, "the combinations")
    must_be(answer.combinations({}), [{}], "a grid without hyperparameters")


@visible("a3_t5")
def search_opens_the_test_set_once(answer: Answer) -> None:
    """Three guesses for a mean: the validation rows choose 2, and the test set is opened once."""
    opened: list[int] = []

    def open_test() -> tuple[str, list[float]]:
        opened.append(1)
        return "test", [3.0]

    found = answer.grid_search(
        {"guess": [5.0, 2.0, 3.0]},
        lambda config: dict(config),
        lambda model, x, t: None,
        lambda model, x, t: abs(model["guess"] - t[0]),
        ("train", [0.0]),
        ("valid", [2.1]),
        open_test,
    )
    assert isinstance(found, dict), f"a dictionary is expected, and this is {found!r}"
    must_be(found.get("config"), {"guess": 2.0}, "the choice")
    must_be_close([found["valid_error"], found["test_error"]], [0.1, 1.0], "its two errors")
    must_be(len(opened), 1, "how often the test set was opened")
    must_be(len(found["trials"]), 3, "the number of trials")


@visible("a3_t6")
def half_of_the_draws_below_a_tenth(answer: Answer) -> None:
    """Between 0.01 and 1 on the log scale, about half of 200 draws are below 0.1."""
    rng = np.random.default_rng(0)
    draws = [answer.sample_config({"lr": ("log", 0.01, 1.0)}, rng)["lr"] for _ in range(200)]
    below = sum(value < 0.1 for value in draws)
    assert 60 < below < 140, f"about 100 of 200 are expected below 0.1; there are {below}"
    assert min(draws) >= 0.01, f"{min(draws)} is below the range"
    assert max(draws) <= 1.0, f"{max(draws)} is above the range"


@visible("a3_t6")
def budget_is_spent_to_the_last_trial(answer: Answer) -> None:
    """Seven trials, and the best of them is returned."""
    tried: list[float] = []

    def try_config(config: dict[str, float]) -> float:
        tried.append(config["a"])
        return abs(config["a"])

    space = {"a": ("linear", -1.0, 1.0)}
    found = answer.random_search(space, try_config, 7, np.random.default_rng(0))
    assert found is not None, "random_search returned nothing (None)"
    config, error, trials = found
    must_be((len(tried), len(trials)), (7, 7), "trials made and returned")
    must_be_close(error, min(map(abs, tried)), "the lowest error")
    must_be_close(abs(config["a"]), error, "the combination that has it")


@visible("a3_t7")
def process_of_one_trial(answer: Answer) -> None:
    """The example by hand: mean 1.213 and deviation 0.795 at distance 1."""
    zero, one = np.array([[0.0]]), np.array([[1.0]])
    must_be_close(answer.kernel(zero, one, 1.0), [[math.exp(-0.5)]], "the kernel")
    mean, std = answer.gp_posterior(zero, np.array([2.0]), one, 1.0, 0.0)
    must_be_close(mean, [2.0 * math.exp(-0.5)], "the mean")
    must_be_close(std, [math.sqrt(1.0 - math.exp(-1.0))], "the deviation")


@visible("a3_t7")
def improvement_by_hand(answer: Answer) -> None:
    """Ignorance is worth 0.399, a nearly sure gain of 0.2 is worth 0.201."""
    mean, std = np.array([0.0, -0.2, -0.3]), np.array([1.0, 0.1, 0.0])
    got = answer.expected_improvement(mean, std, 0.0)
    must_be_close(got, [0.3989423, 0.2008491, 0.3], "the expected improvements")


@visible("a3_t7")
def valley_is_found(answer: Answer) -> None:
    """Of 21 places, 8 trials find the lowest, and none is tried twice."""
    places = np.linspace(0.0, 1.0, 21)[:, None]
    found = answer.bayesian_search(
        places, lambda row: float((places[row, 0] - 0.6) ** 2), [0, 20], 8, 0.2, 0.001
    )
    assert found is not None, "bayesian_search returned nothing (None)"
    rows, errors = found
    must_be([int(row) for row in rows[:2]], [0, 20], "the first two rows")
    must_be((len(rows), len({int(row) for row in rows})), (8, 8), "trials, and different ones")
    assert min(errors) < 0.003, f"the valley is at row 12; tried were {rows}"


@visible("a3_t8")
def relatives_of_sixteen_eight(answer: Answer) -> None:
    """One change of [16, 8] gives one of the eight relatives of the example."""
    relatives = [[8, 8], [16, 16], [16], [8], [8, 16, 8], [16, 16, 8], [16, 8, 8], [16, 8, 16]]
    rng, layers = np.random.default_rng(0), [16, 8]
    for _ in range(30):
        got = answer.mutate(layers, rng, [8, 16], 3)
        assert got in relatives, f"{got} is no relative of [16, 8]"
    must_be(layers, [16, 8], "the parent afterwards")


@visible("a3_t8")
def evolution_walks_down(answer: Answer) -> None:
    """From [9], children that are one smaller lead down towards [1]."""
    layers, error = answer.evolve(
        [[9], [9]],
        lambda layers: float(layers[0]),
        lambda layers, rng: [max(1, layers[0] - 1)],
        lambda rng: [20],
        60,
        np.random.default_rng(0),
    )
    assert layers[0] == error <= 4, f"about [1] is expected after 60 births; got {layers}"


@visible("a3_t9")
def mix_of_two(answer: Answer) -> None:
    """Outputs 4 and 2 with equal logits: the mix is 3, the slopes are 0.5 and -0.5."""
    logits, outputs = np.zeros(2), np.array([[4.0], [2.0]])
    must_be_close(answer.mix(logits, outputs), [3.0], "the mix")
    must_be_close(answer.mix_slopes(logits, outputs, np.array([1.0])), [0.5, -0.5], "the slopes")


@visible("a3_t9")
def controller_by_hand(answer: Answer) -> None:
    """Choices 0 and 1 with rewards 3 and 1 have the slopes 0.5 and -0.5."""
    got = answer.policy_slopes(np.zeros(2), np.array([0, 1]), np.array([3.0, 1.0]))
    must_be_close(got, [0.5, -0.5], "the slopes")
    p = answer.controller_search(3, lambda c: float(c == 2), 40, 10, 1.0, np.random.default_rng(0))
    must_be(int(np.argmax(p)), 2, "the option that is rewarded")


@visible("a3_t10")
def table_by_hand(answer: Answer) -> None:
    """The three trials of the example, sorted, with the layers as text."""
    trials = [
        ({"lr": 0.1, "layers": [8, 8]}, 2.5),
        ({"lr": 0.3, "layers": [4]}, math.nan),
        ({"lr": 0.1, "layers": [4]}, 1.5),
    ]
    table = answer.results_table(trials)
    assert table is not None, "results_table returned nothing (None)"
    must_be(list(table.columns), ["lr", "layers", "error"], "the columns")
    must_be_close(table["error"], [1.5, 2.5, math.nan], "the errors")
    must_be(list(table["layers"]), ["4", "8-8", "4"], "the layers")


@visible("a3_t10")
def map_by_hand(answer: Answer) -> None:
    """The map of the example's table, lr against layers."""
    import pandas as pd  # a third of a second that other tasks need not wait for

    table = pd.DataFrame(
        {"lr": [0.1, 0.1, 0.3], "layers": ["4", "8-8", "4"], "error": [1.5, 2.5, math.nan]}
    )
    got = answer.error_map(table, "lr", "layers")
    assert got is not None, "error_map returned nothing (None)"
    rows, columns, lowest = got
    must_be((list(rows), list(columns)), ([0.1, 0.3], ["4", "8-8"]), "the values")
    must_be_close(lowest, [[1.5, 2.5], [math.nan, math.nan]], "the lowest errors")


@visible("a3_t11")
def budget_is_kept_and_a_function_comes_back(answer: Answer) -> None:
    """Five trainings at most, and the answer has one row a reading."""
    trained: list[Any] = []

    def train(config: Any, x: Any, t: Any) -> Any:
        trained.append(config)
        height = float(len(config["layers"]))
        return lambda readings: np.full((len(readings), 1), height)

    x, t = np.arange(12.0).reshape(6, 2), np.full((6, 1), 2.0)
    predict = answer.calibrate(train, x, t, x, t, 5, np.random.default_rng(0))
    assert callable(predict), f"a function is expected, and this is {predict!r}"
    assert 1 <= len(trained) <= 5, f"5 trainings were allowed; there were {len(trained)}"
    must_be(np.shape(predict(x[:3])), (3, 1), "the shape of the answer for three readings")
