"""Visible checks of "Backpropagation by hand": run them with ``check("a2_t3")`` and so on.

They show what is meant, on the examples of the notebook that can be done by hand. Marks come from
hidden tests with other numbers and other shapes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course.checking import Answer, visible


def must_be_close(got: Any, want: Any, what: str) -> None:
    """Demand that ``got`` is ``want`` to about four digits, shape included."""
    assert got is not None, f"{what}: expected {want}, but nothing was returned (None)"
    found, wanted = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert found.shape == wanted.shape, (
        f"{what}: expected the shape {wanted.shape}, and yours is {found.shape}"
    )
    assert np.allclose(found, wanted, rtol=1e-4, atol=1e-6), f"{what}: expected {want}, got {got}"


def must_have(got: Any, count: int, what: str) -> None:
    """Demand a list or tuple of this length."""
    assert isinstance(got, list | tuple), f"{what}: a list or tuple is expected, and this is {got}"
    assert len(got) == count, f"{what}: {count} parts are expected; there are {len(got)}"


@visible("a2_t1")
def links_follow_the_example_by_hand(answer: Answer) -> None:
    """At pi/2 the four links are 0, 2, -0.368 and -0.360."""
    got = answer.chain_links(np.pi / 2.0)
    must_have(got, 4, "chain_links")
    names = ("du/dx", "dv/du", "dw/dv", "dy/dw")
    for name, link, want in zip(names, got, (0.0, 2.0, -0.367879, -0.359638), strict=True):
        must_be_close(link, want, name)


@visible("a2_t1")
def slope_vanishes_at_the_top(answer: Answer) -> None:
    """At pi/2 and at 0 the slope of the whole is 0."""
    must_be_close(answer.chain_slope(np.array([0.0, np.pi / 2.0])), [0.0, 0.0], "chain_slope")


@visible("a2_t2")
def layer_answers_sixteen(answer: Answer) -> None:
    """The layer of the example answers 16."""
    got = answer.affine(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([5.0]))
    must_be_close(got, [[16.0]], "affine")


@visible("a2_t2")
def slopes_follow_the_example_by_hand(answer: Answer) -> None:
    """Its slopes are (6, 8), (2, 4) and 2."""
    x, w = np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])
    got = answer.affine_backward(np.array([[2.0]]), x, w)
    must_have(got, 3, "affine_backward")
    must_be_close(got[0], [[6.0, 8.0]], "slopes of x")
    must_be_close(got[1], [[2.0], [4.0]], "slopes of w")
    must_be_close(got[2], [2.0], "slopes of b")


@visible("a2_t3")
def activations_at_zero(answer: Answer) -> None:
    """At 0 the sigmoid is 0.5; relu of -1, 0, 2 is 0, 0, 2."""
    must_be_close(answer.sigmoid(np.array([0.0])), [0.5], "sigmoid")
    must_be_close(answer.relu(np.array([-1.0, 0.0, 2.0])), [0.0, 0.0, 2.0], "relu")


@visible("a2_t3")
def slopes_are_told_by_values(answer: Answer) -> None:
    """Where the value is 0.5, the sigmoid's slope is 0.25 and that of tanh 0.75."""
    must_be_close(answer.sigmoid_slope(np.array([0.5])), [0.25], "sigmoid_slope")
    must_be_close(answer.tanh_slope(np.array([0.5])), [0.75], "tanh_slope")
    must_be_close(answer.relu_slope(np.array([2.0, 0.0])), [1.0, 0.0], "relu_slope")


@visible("a2_t3")
def sure_and_wrong_costs_a_thousand(answer: Answer) -> None:
    """The logit -1000 with target 1 costs 1000; the logit 0 costs ln 2."""
    must_be_close(answer.log_loss(np.array([-1000.0]), np.array([1.0])), 1000.0, "log_loss")
    must_be_close(answer.log_loss(np.array([0.0]), np.array([1.0])), np.log(2.0), "log_loss")


@visible("a2_t4")
def softmax_of_the_example(answer: Answer) -> None:
    """The logits 0 and ln 3 have the probabilities 1/4 and 3/4."""
    must_be_close(answer.softmax(np.array([[0.0, np.log(3.0)]])), [[0.25, 0.75]], "softmax")


@visible("a2_t4")
def loss_and_slopes_of_the_example(answer: Answer) -> None:
    """If class 0 is right, the loss is ln 4 and the slopes are -3/4 and 3/4."""
    z, labels = np.array([[0.0, np.log(3.0)]]), np.array([0])
    must_be_close(answer.cross_entropy(z, labels), np.log(4.0), "cross_entropy")
    must_be_close(answer.cross_entropy_slope(z, labels), [[-0.75, 0.75]], "cross_entropy_slope")


@visible("a2_t4")
def thousand_more_changes_nothing(answer: Answer) -> None:
    """Adding 1000 to both logits changes nothing."""
    z = np.array([[1000.0, 1000.0 + np.log(3.0)]])
    must_be_close(answer.softmax(z), [[0.25, 0.75]], "softmax")
    must_be_close(answer.cross_entropy(z, np.array([0])), np.log(4.0), "cross_entropy")


def small_network() -> tuple[list[tuple[Any, Any]], Any, Any]:
    """Return the network of the example, its input and its target."""
    layers = [(np.array([[w]]), np.array([0.0])) for w in (2.0, 3.0)]
    return layers, np.array([[1.0]]), np.array([[5.0]])


@visible("a2_t5")
def forward_of_the_example(answer: Answer) -> None:
    """The network of the example says 1, 2, 6."""
    layers, x, _ = small_network()
    got = answer.forward(layers, x, "relu")
    must_have(got, 3, "forward")
    must_be_close([np.asarray(part).item() for part in got], [1.0, 2.0, 6.0], "forward")


@visible("a2_t5")
def slopes_of_the_example(answer: Answer) -> None:
    """The loss is 1, and the slopes are 6 and 6, then 4 and 2."""
    layers, x, t = small_network()
    got = answer.loss_and_slopes(layers, x, t, "relu")
    must_have(got, 2, "loss_and_slopes")
    must_be_close(got[0], 1.0, "the loss")
    must_have(got[1], 2, "the slopes")
    for number, (pair, want) in enumerate(zip(got[1], ((6.0, 6.0), (4.0, 2.0)), strict=True)):
        must_have(pair, 2, f"the slopes of layer {number + 1}")
        must_be_close(pair[0], [[want[0]]], f"the slope of w in layer {number + 1}")
        must_be_close(pair[1], [want[1]], f"the slope of b in layer {number + 1}")


@visible("a2_t5")
def step_of_the_example(answer: Answer) -> None:
    """A step with rate 0.1 makes the weights 1.4 and 2.6."""
    layers, x, t = small_network()
    got = answer.descend(layers, x, t, 0.1, "relu")
    must_have(got, 2, "descend")
    must_be_close(got[0][0], [[1.4]], "the weight of layer 1")
    must_be_close(got[1][0], [[2.6]], "the weight of layer 2")


@visible("a2_t6")
def cube_has_the_slope_of_the_example(answer: Answer) -> None:
    """The central difference of w**3 at 1 with h = 0.1 is 3.01."""
    got = answer.numeric_gradient(lambda w: float(np.sum(w**3)), np.array([1.0]), 0.1)
    must_be_close(got, [3.01], "numeric_gradient")


@visible("a2_t6")
def error_is_relative(answer: Answer) -> None:
    """3 against 3.01 is off by 0.0033, and zeros do not differ."""
    must_be_close(
        answer.relative_error(np.array([3.0]), np.array([3.01])), 0.01 / 3.01, "relative_error"
    )
    must_be_close(answer.relative_error(np.zeros(2), np.zeros(2)), 0.0, "relative_error of zeros")


@visible("a2_t6")
def judge_knows_the_cube(answer: Answer) -> None:
    """Of w**3 the gradient 3 w**2 is right, and 2 w**2 is not."""
    for factor, right in ((3.0, True), (2.0, False)):
        got = answer.gradient_is_right(
            lambda w: float(np.sum(w**3)), lambda w, c=factor: c * w**2, np.array([1.0, 2.0])
        )
        agrees = got is right or (isinstance(got, np.bool_) and bool(got) is right)
        assert agrees, f"{factor:g} w**2: {right} was expected, and this is {got!r}"


@visible("a2_t7")
def penalty_of_the_example(answer: Answer) -> None:
    """The penalty of the example is 2, its slopes are 0.7, -0.9 and 0."""
    layers = [(np.array([[1.0], [-2.0]]), np.array([10.0]))]
    must_be_close(answer.penalty(layers, l1=0.5, l2=0.1), 2.0, "penalty")
    got = answer.penalty_slopes(layers, l1=0.5, l2=0.1)
    must_have(got, 1, "penalty_slopes")
    must_be_close(got[0][0], [[0.7], [-0.9]], "the slopes of w")
    must_be_close(got[0][1], [0.0], "the slope of b")


@visible("a2_t7")
def budget_of_the_example(answer: Answer) -> None:
    """Weights 3 and 4 come back to 0.6 and 0.8 within a budget of 1."""
    must_be_close(answer.within_budget(np.array([3.0, 4.0]), 1.0), [0.6, 0.8], "within_budget")


@visible("a2_t7")
def dropped_or_doubled(answer: Answer) -> None:
    """With rate 0.5 each entry is dropped or doubled, and its slope too."""
    dropout = answer.Dropout(0.5, np.random.default_rng(0))
    x = np.arange(1.0, 21.0)
    got = dropout.forward(x)
    assert got is not None, "forward returned nothing (None)"
    factors = np.asarray(got) / x
    assert set(np.round(factors, 6)) == {0.0, 2.0}, f"the factors are {factors}"
    must_be_close(dropout.backward(np.ones(20)), factors, "backward of ones")
    must_be_close(dropout.forward(x, training=False), x, "forward without training")


@visible("a2_t8")
def column_of_the_example(answer: Answer) -> None:
    """The column 1, 3 becomes 3, 7 with gamma 2 and beta 5."""
    layer = answer.BatchNorm(1, eps=0.0)
    layer.gamma, layer.beta = np.array([2.0]), np.array([5.0])
    must_be_close(layer.forward(np.array([[1.0], [3.0]])), [[3.0], [7.0]], "forward")
    got = layer.backward(np.array([[1.0], [4.0]]))
    must_have(got, 3, "backward")
    must_be_close(got[0], [[0.0], [0.0]], "slopes of x")
    must_be_close(got[1], [3.0], "slope of gamma")
    must_be_close(got[2], [5.0], "slope of beta")
    must_be_close(layer.running_mean, [0.2], "running_mean")
    must_be_close(layer.running_var, [1.0], "running_var")


@visible("a2_t9")
def graph_of_the_example(answer: Answer) -> None:
    """For x = 2, y = 3, the result x y + x is 8 and has the slopes 4 and 2."""
    x, y = answer.Variable(2.0), answer.Variable(3.0)
    q = x * y + x
    must_be_close(q.value, 8.0, "the value")
    q.backward()
    must_be_close([x.grad, y.grad], [4.0, 2.0], "the slopes")


@visible("a2_t9")
def order_of_the_example(answer: Answer) -> None:
    """A topological order has x, y, p and q, and p after both of its parents."""
    x, y = answer.Variable(2.0), answer.Variable(3.0)
    p = x * y
    order = answer.topological_order(p + x)
    must_have(order, 4, "topological_order")
    values = [variable.value for variable in order]
    assert sorted(values[:2]) == [2.0, 3.0], f"x and y come first; the values are {values}"
    assert values[2:] == [6.0, 8.0], f"then p and q; the values are {values}"


@visible("a2_t9")
def tanh_and_numbers(answer: Answer) -> None:
    """The slope of 2 tanh(x) - 1 at 0 is 2, that of 3 - exp(x) is -1."""
    x = answer.Variable(0.0)
    (2 * x.tanh() - 1).backward()
    must_be_close(x.grad, 2.0, "the slope of 2 tanh(x) - 1")
    (3 - x.exp()).backward()
    must_be_close(x.grad, -1.0, "the slope of 3 - exp(x)")


@visible("a2_t10")
def spread_of_the_example(answer: Answer) -> None:
    """The two units of the example have the spread 3."""
    got = answer.unit_spread(np.array([[1.0, 1.0], [2.0, 5.0]]), np.array([0.0, 1.0]))
    must_be_close(got, 3.0, "unit_spread")


@visible("a2_t10")
def nothing_lies_beyond(answer: Answer) -> None:
    """Of 1000 truncated numbers with sd 1 none lies beyond 2."""
    got = np.asarray(answer.truncated_normal((1000,), 1.0, np.random.default_rng(0)))
    assert got.shape == (1000,), f"the shape is {got.shape}"
    assert np.max(np.abs(got)) <= 2.0, f"one lies at {np.max(np.abs(got))}"


@visible("a2_t10")
def starts_have_shapes(answer: Answer) -> None:
    """The sizes 2, 8, 1 make matrices of 2 x 8 and 8 x 1."""
    got = answer.start_layers([2, 8, 1], "tanh", np.random.default_rng(0))
    must_have(got, 2, "start_layers")
    shapes = [(np.shape(w), np.shape(b)) for w, b in got]
    assert shapes == [((2, 8), (8,)), ((8, 1), (1,))], f"the shapes are {shapes}"


@visible("a2_t11")
def two_clouds_are_told_apart(answer: Answer) -> None:
    """Two clouds of ten points each, far from each other, are told apart."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 10)
    x = rng.normal(size=(20, 2)) + 6.0 * labels[:, None]
    predict = answer.fit_classes(x, labels, x, labels)
    assert callable(predict), f"a function is expected, and this is {predict!r}"
    must_be_close(predict(np.array([[0.0, 0.0], [6.0, 6.0]])), [0, 1], "the two middles")


@visible("a2_t12")
def convolution_of_the_example(answer: Answer) -> None:
    """The kernel -1, 1 on 0, 0, 5, 5 gives 0, 5, 0; its slopes are 15 and 25."""
    image, kernel = np.array([[0.0, 0.0, 5.0, 5.0]]), np.array([[-1.0, 1.0]])
    must_be_close(answer.convolve(image, kernel), [[0.0, 5.0, 0.0]], "convolve")
    got = answer.convolve_backward(np.array([[1.0, 2.0, 3.0]]), image, kernel)
    must_have(got, 2, "convolve_backward")
    must_be_close(got[0], [[-1.0, -1.0, -1.0, 3.0]], "slopes of the image")
    must_be_close(got[1], [[15.0, 25.0]], "slopes of the kernel")


@visible("a2_t12")
def pool_of_one_tile(answer: Answer) -> None:
    """The tile 1, 2, 4, 3 has the largest entry 4, which gets all the slope."""
    image = np.array([[1.0, 2.0], [4.0, 3.0]])
    must_be_close(answer.max_pool(image, 2), [[4.0]], "max_pool")
    got = answer.max_pool_backward(np.array([[7.0]]), image, 2)
    must_be_close(got, [[0.0, 0.0], [7.0, 0.0]], "max_pool_backward")


@visible("a2_t12")
def cell_of_one_unit(answer: Answer) -> None:
    """With all weights 0 a cell of one unit stays at 0, and its bias gets the slopes 1 + 2."""
    x, zero = np.ones((2, 1)), np.zeros(1)
    states = answer.run_cell(x, zero, np.zeros((1, 1)), np.zeros((1, 1)), zero)
    must_be_close(states, [[0.0], [0.0]], "run_cell")
    upstream = np.array([[1.0], [2.0]])
    got = answer.run_cell_backward(upstream, x, zero, states, np.zeros((1, 1)), np.zeros((1, 1)))
    must_have(got, 3, "run_cell_backward")
    must_be_close(got[2], [3.0], "slope of b")
