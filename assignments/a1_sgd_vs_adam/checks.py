"""Visible checks of "SGD against Adam": run them with ``check("a1_t3")`` and so on.

They show what is meant, on the examples of the notebook that can be done by hand. Marks come from
hidden tests with other numbers, other shapes and many more steps.
"""

from __future__ import annotations

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
    assert np.allclose(found, wanted, rtol=1e-5, atol=1e-7), f"{what}: expected {want}, got {got}"


def walk(optimizer: Any, slopes: list[float], what: str, wanted: list[float]) -> None:
    """Walk one weight from 1 over these slopes, and compare it after every step."""
    w = np.array([1.0])
    for number, (slope, want) in enumerate(zip(slopes, wanted, strict=True), start=1):
        w = optimizer.step(w, np.array([slope]))
        must_be_close(w, [want], f"{what}, step {number}")


@visible("a1_t1")
def views_follow_the_example_by_hand(answer: Answer) -> None:
    """The sizes [1, 2, 1] cut the vector 0, 1, ..., 6 into a 2 x 2 and a 3 x 1 matrix."""
    got = answer.layer_views(np.arange(7.0), [1, 2, 1])
    assert got is not None, "layer_views returned nothing (None); a list is expected"
    assert len(got) == 2, f"one matrix a layer, so two, are expected; there are {len(got)}"
    must_be_close(got[0], [[0, 1], [2, 3]], "the first matrix")
    must_be_close(got[1], [[4], [5], [6]], "the second matrix")


@visible("a1_t1")
def nine_in_the_corner_is_nine_in_the_vector(answer: Answer) -> None:
    """Writing 9 into the corner of the first matrix changes the vector."""
    flat = np.arange(7.0)
    answer.layer_views(flat, [1, 2, 1])[0][1, 0] = 9.0
    must_be_close(flat, [0, 1, 9, 3, 4, 5, 6], "the vector afterwards")


@visible("a1_t1")
def vector_of_another_network_is_refused(answer: Answer) -> None:
    """A vector with 8 entries is refused for [1, 2, 1] with a ValueError."""
    try:
        answer.layer_views(np.arange(8.0), [1, 2, 1])
    except ValueError:
        return
    raise AssertionError("8 entries were accepted, though these sizes need 7")


@visible("a1_t1")
def pack_joins_a_matrix_and_a_number(answer: Answer) -> None:
    """A matrix of 1, 2, 3, 4 and the number 5 are packed into 1, 2, 3, 4, 5."""
    flat, views = answer.pack([np.array([[1.0, 2.0], [3.0, 4.0]]), np.array(5.0)])
    must_be_close(flat, [1, 2, 3, 4, 5], "flat")
    assert len(views) == 2, f"two views are expected; there are {len(views)}"
    must_be_close(views[0], [[1, 2], [3, 4]], "the first view")
    must_be_close(views[1], 5.0, "the second view")
    flat[3] = -1.0
    must_be_close(views[0], [[1, 2], [3, -1]], "the first view after flat[3] = -1")


@visible("a1_t2")
def five_rows_make_batches_of_two_two_and_one(answer: Answer) -> None:
    """Five rows in batches of two: 2, 2 and 1 rows, each row once, beside its target."""
    x, t = np.arange(10.0).reshape(5, 2), 10.0 * np.arange(0.0, 10.0, 2.0).reshape(5, 1)
    batches = list(answer.minibatches(x, t, 2, np.random.default_rng(0)))
    lengths = [len(x_batch) for x_batch, _ in batches]
    assert lengths == [2, 2, 1], f"batches of 2, 2 and 1 rows are expected; they have {lengths}"
    rows = np.concatenate([x_batch for x_batch, _ in batches])
    must_be_close(rows[np.argsort(rows[:, 0])], x, "all rows of x, sorted")
    targets = np.concatenate([t_batch for _, t_batch in batches])
    must_be_close(targets, 10.0 * rows[:, :1], "the targets that belong to these rows")


@visible("a1_t2")
def next_epoch_has_another_order(answer: Answer) -> None:
    """With the same rng, the second epoch has another order than the first."""
    x, rng = np.arange(20.0).reshape(20, 1), np.random.default_rng(0)
    orders = [np.concatenate([a for a, _ in answer.minibatches(x, x, 6, rng)]) for _ in "12"]
    assert not np.array_equal(orders[0], orders[1]), "two epochs had the same order"


@visible("a1_t2")
def none_is_one_batch_in_order(answer: Answer) -> None:
    """batch_size=None gives one batch with all rows in their order."""
    x = np.arange(5.0).reshape(5, 1)
    batches = list(answer.minibatches(x, 2.0 * x, None, np.random.default_rng(0)))
    assert len(batches) == 1, f"one batch is expected; there are {len(batches)}"
    must_be_close(batches[0][0], x, "the inputs")
    must_be_close(batches[0][1], 2.0 * x, "the targets")


@visible("a1_t2")
def slopes_follow_the_example_by_hand(answer: Answer) -> None:
    """The two samples of the example have the slopes 1 and 5."""
    w, x, t = np.array([[1.0], [2.0]]), np.array([[1.0], [3.0]]), np.array([[4.0], [5.0]])
    must_be_close(answer.linear_gradient(w, x, t), [[1.0], [5.0]], "both samples")
    must_be_close(answer.linear_gradient(w, x[:1], t[:1]), [[-2.0], [-2.0]], "the first alone")
    must_be_close(answer.linear_gradient(w, x[1:], t[1:]), [[4.0], [12.0]], "the second alone")


@visible("a1_t3")
def decays_follow_the_table(answer: Answer) -> None:
    """The two decays give the table's rates for 0.1 and k = 0.5."""
    for name, wanted in (
        ("inverse_time", [0.1, 0.1 / 1.5, 0.05, 0.04]),
        ("exponential", [0.1, 0.060653066, 0.036787944, 0.022313016]),
    ):
        for t, want in enumerate(wanted):
            must_be_close(getattr(answer, name)(0.1, t, 0.5), want, f"{name} at t = {t}")


@visible("a1_t3")
def without_momentum_it_is_plain_descent(answer: Answer) -> None:
    """Without momentum, the slopes 4, 2, -1 lead from 1 to 0.6, 0.4, 0.5."""
    walk(answer.SGD(lr=0.1), [4.0, 2.0, -1.0], "without momentum", [0.6, 0.4, 0.5])


@visible("a1_t3")
def momentum_rolls_through_the_dip(answer: Answer) -> None:
    """With momentum 0.5, the same slopes lead to 0.6, 0.2, 0.1."""
    sgd = answer.SGD(lr=0.1, momentum=0.5)
    walk(sgd, [4.0, 2.0, -1.0], "with momentum", [0.6, 0.2, 0.1])


@visible("a1_t3")
def schedule_is_asked_with_the_original_rate(answer: Answer) -> None:
    """A schedule is asked with the original lr and t = 0, 1, 2."""
    asked: list[tuple[float, float]] = []

    def schedule(lr: float, t: float) -> float:
        asked.append((float(lr), float(t)))
        return 0.25

    sgd = answer.SGD(lr=0.1, schedule=schedule)
    walk(sgd, [2.0, 2.0, 2.0], "with a schedule that always says 0.25", [0.5, 0.0, -0.5])
    assert asked == [(0.1, 0), (0.1, 1), (0.1, 2)], (
        f"schedule(lr, t) should be asked with (0.1, 0), (0.1, 1), (0.1, 2); it was with {asked}"
    )


@visible("a1_t3")
def sgd_begins_empty_and_changes_no_argument(answer: Answer) -> None:
    """It begins with v = None and t = 0; a step leaves w and g as they were."""
    begins_empty(answer.SGD(lr=0.1, momentum=0.5), ["v"])
    changes_no_argument(answer.SGD(lr=0.1, momentum=0.5))


@visible("a1_t4")
def averages_follow_the_table(answer: Answer) -> None:
    """With beta = 0.5, the values 4, 2, 6 have the averages 2, 2, 4."""
    must_be_close(answer.ewa(np.array([4.0, 2.0, 6.0]), 0.5), [2.0, 2.0, 4.0], "ewa")


@visible("a1_t4")
def corrected_averages_follow_the_table(answer: Answer) -> None:
    """Corrected, they are 4, 2.667, 4.571."""
    got = answer.ewa(np.array([4.0, 2.0, 6.0]), 0.5, correct=True)
    must_be_close(got, [4.0, 2.0 / 0.75, 4.0 / 0.875], "ewa with correct=True")


@visible("a1_t4")
def ewa_averages_rows_and_changes_none(answer: Answer) -> None:
    """Each column is averaged by itself, and the values stay as they were."""
    values = np.array([[4.0, 8.0], [2.0, 4.0], [6.0, 12.0]])
    must_be_close(answer.ewa(values, 0.5), [[2, 4], [2, 4], [4, 8]], "ewa of two columns")
    must_be_close(values, [[4, 8], [2, 4], [6, 12]], "the values after ewa")


@visible("a1_t4")
def rmsprop_follows_the_example_by_hand(answer: Answer) -> None:
    """With eps = 1, the slopes 4, 2 lead from 1 to 0.8667, 0.8, and then v is 4."""
    rmsprop = answer.RMSProp(lr=0.1, beta=0.75, eps=1.0)
    walk(rmsprop, [4.0, 2.0], "the example by hand", [1.0 - 0.4 / 3.0, 0.8])
    must_be_close(rmsprop.v, [4.0], "v after two steps")
    assert rmsprop.t == 2, f"t after two steps: expected 2, got {rmsprop.t}"


@visible("a1_t4")
def rmsprop_begins_empty_and_changes_no_argument(answer: Answer) -> None:
    """It begins with v = None and t = 0; a step leaves w and g as they were."""
    begins_empty(answer.RMSProp(lr=0.1), ["v"])
    changes_no_argument(answer.RMSProp(lr=0.1))


@visible("a1_t5")
def adam_follows_the_example_by_hand(answer: Answer) -> None:
    """With eps = 1, the slopes 4, 2 lead from 1 to 0.92, 0.8537."""
    adam = answer.Adam(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0)
    walk(adam, [4.0, 2.0], "the example by hand", [0.92, 0.853726586])


@visible("a1_t5")
def adam_keeps_the_uncorrected_averages(answer: Answer) -> None:
    """After these two steps m is 2, v is 4 and t is 2."""
    adam = answer.Adam(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0)
    for slope in (4.0, 2.0):
        adam.step(np.array([1.0]), np.array([slope]))
    must_be_close(adam.m, [2.0], "m after two steps")
    must_be_close(adam.v, [4.0], "v after two steps")
    assert adam.t == 2, f"t after two steps: expected 2, got {adam.t}"


@visible("a1_t5")
def weight_without_slope_rests(answer: Answer) -> None:
    """A weight whose slope is zero stays where it is."""
    got = answer.Adam(lr=0.1).step(np.array([1.0, -3.0]), np.zeros(2))
    must_be_close(got, [1.0, -3.0], "slopes of zero")


@visible("a1_t5")
def adam_begins_empty_and_changes_no_argument(answer: Answer) -> None:
    """It begins with m = v = None and t = 0; a step leaves w and g as they were."""
    begins_empty(answer.Adam(), ["m", "v"])
    changes_no_argument(answer.Adam())


@visible("a1_t6")
def l2_adds_half_a_sum_of_squares(answer: Answer) -> None:
    """With w = 1, slope 4 and strength 0.5, the slope of the penalised loss is 4.5."""
    got = answer.l2_slopes(np.array([1.0, -2.0]), np.array([4.0, 4.0]), 0.5)
    must_be_close(got, [4.5, 3.0], "l2_slopes of the weights 1 and -2")


@visible("a1_t6")
def adamw_follows_the_example_by_hand(answer: Answer) -> None:
    """With weight_decay = 0.5, the slopes 4, 2 lead from 1 to 0.87, 0.7602."""
    adamw = answer.AdamW(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0, weight_decay=0.5)
    walk(adamw, [4.0, 2.0], "the example by hand", [0.87, 0.76022627])


@visible("a1_t6")
def adamw_keeps_the_decay_out_of_the_averages(answer: Answer) -> None:
    """After these two steps m is 2 and v is 4, as without decay."""
    adamw = answer.AdamW(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0, weight_decay=0.5)
    for slope in (4.0, 2.0):
        adamw.step(np.array([1.0]), np.array([slope]))
    must_be_close(adamw.m, [2.0], "m after two steps")
    must_be_close(adamw.v, [4.0], "v after two steps")
    assert adamw.t == 2, f"t after two steps: expected 2, got {adamw.t}"


@visible("a1_t6")
def adamw_begins_empty_and_changes_no_argument(answer: Answer) -> None:
    """It begins with m = v = None and t = 0; a step leaves w and g as they were."""
    begins_empty(answer.AdamW(), ["m", "v"])
    changes_no_argument(answer.AdamW())


TRAINING_ROWS = np.array([[1.0, 7.0], [3.0, 7.0], [8.0, 7.0]])


@visible("a1_t7")
def columns_follow_the_example_by_hand(answer: Answer) -> None:
    """The rows (1, 7), (3, 7), (8, 7) have the mean (4, 7) and the spread (2.944, 1)."""
    standardizer = answer.Standardizer()
    standardizer.fit(TRAINING_ROWS.copy())
    must_be_close(standardizer.mean, [4.0, 7.0], "mean")
    must_be_close(standardizer.spread, [np.sqrt(26.0 / 3.0), 1.0], "spread")
    first = -3.0 / np.sqrt(26.0 / 3.0)
    must_be_close(standardizer.transform(TRAINING_ROWS[:1].copy()), [[first, 0.0]], "first row")


@visible("a1_t7")
def new_row_is_measured_by_the_training_rows(answer: Answer) -> None:
    """A new row (10, 9) becomes (2.038, 2), and goes back to (10, 9)."""
    standardizer = answer.Standardizer()
    standardizer.fit(TRAINING_ROWS.copy())
    z = standardizer.transform(np.array([[10.0, 9.0]]))
    must_be_close(z, [[6.0 / np.sqrt(26.0 / 3.0), 2.0]], "the new row")
    must_be_close(standardizer.inverse(np.array(z)), [[10.0, 9.0]], "the way back")


@visible("a1_t7")
def predictions_come_back_in_units(answer: Answer) -> None:
    """A model that hands its input through predicts the target that lies as far out."""
    inputs, targets = answer.Standardizer(), answer.Standardizer()
    inputs.fit(np.array([[0.0], [2.0]]))
    targets.fit(np.array([[100.0], [300.0]]))
    got = answer.predict_in_units(lambda z: z, np.array([[3.0]]), inputs, targets)
    must_be_close(got, [[400.0]], "two spreads above the mean")


@visible("a1_t8")
def steepest_direction_sets_the_rate(answer: Answer) -> None:
    """H with the eigenvalues 3 and 1 allows rates up to 2/3."""
    got = answer.largest_stable_rate(np.array([[2.0, 1.0], [1.0, 2.0]]))
    must_be_close(got, 2.0 / 3.0, "largest_stable_rate")


@visible("a1_t8")
def descent_follows_the_table(answer: Answer) -> None:
    """Two steps with the rate 0.5 lead from (1, 0) to (0, -0.5) and (0.25, 0)."""
    got = answer.descend(_slope, np.array([1.0, 0.0]), _Descent(0.5), 2)
    must_be_close(got, [[1.0, 0.0], [0.0, -0.5], [0.25, 0.0]], "descend")


@visible("a1_t8")
def slope_is_asked_once_a_step(answer: Answer) -> None:
    """Three steps ask for three slopes, and w0 stays as it was."""
    asked: list[Any] = []

    def gradient(w: Any) -> Any:
        asked.append(np.array(w))
        return _slope(w)

    w0 = np.array([1.0, 0.0])
    answer.descend(gradient, w0, _Descent(0.5), 3)
    assert len(asked) == 3, f"gradient was called {len(asked)} times in 3 steps"
    must_be_close(w0, [1.0, 0.0], "w0 after descend")


@visible("a1_t8")
def race_starts_everyone_at_w0(answer: Answer) -> None:
    """Two contestants with the rates 0.5 and 0.25 start from (1, 0) and take one step."""
    makers = {"bold": lambda: _Descent(0.5), "careful": lambda: _Descent(0.25)}
    got = answer.fair_race(_slope, np.array([1.0, 0.0]), makers, 1)
    assert isinstance(got, dict), f"a dict is expected, and this is {got!r}"
    assert list(got) == ["bold", "careful"], f"its names should be bold, careful; are {list(got)}"
    must_be_close(got["bold"], [[1.0, 0.0], [0.0, -0.5]], "the path of bold")
    must_be_close(got["careful"], [[1.0, 0.0], [0.5, -0.25]], "the path of careful")


@visible("a1_t9")
def stopping_follows_the_table(answer: Answer) -> None:
    """With patience 2, the errors 5, 3, 4, 3 are answered False, False, False, True."""
    stopping = answer.EarlyStopping(patience=2)
    for number, (error, want) in enumerate(zip([5.0, 3.0, 4.0, 3.0], [0, 0, 0, 1], strict=True)):
        got = stopping.update(error, np.array([number, -number]))
        assert got is not None, "update returned nothing (None); True or False is expected"
        assert bool(got) == bool(want), (
            f"after the error {error:g}: expected {bool(want)}, got {got}"
        )


@visible("a1_t9")
def best_weights_are_those_of_the_second_error(answer: Answer) -> None:
    """After these errors, best_error is 3 and best_weights came with the first 3."""
    stopping = answer.EarlyStopping(patience=2)
    for number, error in enumerate([5.0, 3.0, 4.0, 3.0]):
        stopping.update(error, np.array([number, -number]))
    must_be_close(stopping.best_error, 3.0, "best_error")
    must_be_close(stopping.best_weights, [1, -1], "best_weights")


@visible("a1_t9")
def stopping_begins_without_weights_and_keeps_a_copy(answer: Answer) -> None:
    """It begins with best_weights = None, and what it keeps is a copy."""
    stopping = answer.EarlyStopping(patience=2)
    assert stopping.best_weights is None, f"best_weights begin as {stopping.best_weights!r}"
    w = np.array([1.0, 2.0])
    stopping.update(1.0, w)
    w += 5.0
    must_be_close(stopping.best_weights, [1.0, 2.0], "best_weights after w itself was changed")


@visible("a1_t9")
def fit_finds_a_single_hill(answer: Answer) -> None:
    """On one broad hill, fit_hills is off by less than half a unit at new places."""
    rng = np.random.default_rng(0)
    x, places = rng.uniform(0.0, 10.0, size=(120, 2)), rng.uniform(0.0, 10.0, size=(50, 2))

    def height(x: Any) -> Any:
        return 4.0 * np.exp(-((x - 5.0) ** 2).sum(axis=1, keepdims=True) / 18.0)

    before = x.copy()
    predict = answer.fit_hills(x[:80], height(x[:80]), x[80:], height(x[80:]))
    assert callable(predict), f"fit_hills should return a function; it returned {predict!r}"
    got = np.asarray(predict(places), dtype=float)
    assert got.shape == (50, 1), f"for 50 places, heights of shape (50, 1); yours: {got.shape}"
    error = float(np.sqrt(np.mean((got - height(places)) ** 2)))
    assert error < 0.5, f"root mean squared error at new places: {error:.2f}"
    assert np.array_equal(x, before), "fit_hills changed the samples it was given"


def begins_empty(optimizer: Any, arrays: list[str]) -> None:
    """Demand that a new optimizer has no arrays yet, and has taken no step."""
    for name in arrays:
        value = getattr(optimizer, name)
        assert value is None, f"{name} should be None before the first step; it is {value!r}"
    assert optimizer.t == 0, f"t should be 0 before the first step; it is {optimizer.t!r}"


def changes_no_argument(optimizer: Any) -> None:
    """Demand that two steps leave weights and slopes as they were."""
    w, first, second = np.array([1.0, 2.0]), np.array([4.0, -3.0]), np.array([2.0, 5.0])
    optimizer.step(w, first)
    optimizer.step(w, second)
    must_be_close(w, [1.0, 2.0], "w after two steps from it")
    must_be_close(first, [4.0, -3.0], "the first slopes after two steps")
    must_be_close(second, [2.0, 5.0], "the second slopes after two steps")


class _Descent:
    """Plain descent with a constant rate."""

    def __init__(self, lr: float) -> None:
        self.lr = lr

    def step(self, w: Any, g: Any) -> Any:
        return w - self.lr * g


def _slope(w: Any) -> Any:
    """Return the slope of the bowl that the notebook goes through by hand."""
    return np.array([[2.0, 1.0], [1.0, 2.0]]) @ w
