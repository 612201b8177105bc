"""Hidden tests of a1_t1, packed weights and views.

Which entry belongs where is judged on values that come back. That memory is shared can only be seen
in the student's process: the tests write into one array there and look at the other.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, expect

from .packing_rules import WRONG, Shapes, count_of, cut, shapes_of
from .promises import Array

# Right answers copy or cut, and do not compute, so nothing but exact numbers is right.
EXACT = {"rtol": 0.0, "atol": 0.0}


def drawn_sizes(draw: Draw) -> tuple[list[int], ...]:
    """Draw sizes of a deep network, of one without hidden layers, and of the smallest."""
    deep = [draw.integer(2, 4), draw.integer(5, 7), 3, draw.integer(1, 2)]
    return deep, [draw.integer(3, 7), 2], [1, 1]


def drawn_arrays(draw: Draw) -> list[Array]:
    """Draw arrays of as many kinds of shapes as there are."""
    shapes = ((draw.integer(2, 4), 3), (), (draw.integer(2, 5),), (0, 5), (2, 1, 3), (1,))
    return [draw.array(*shape) for shape in shapes]


def expect_shared(
    flat: Handle, views: Handle, before: Array, shapes: Shapes, hints: dict[tuple[int, ...], str]
) -> None:
    """Expect that each view shows what is written into the vector, and the other way round.

    ``hints`` maps a shape to the mistake that only arrays of this shape reveal.
    """
    want = before.copy()
    positions = cut(np.arange(before.size), shapes)
    for number, places in enumerate(positions):
        view = views.new("__getitem__", number)
        hint = hints.get(places.shape, "views-are-copies")
        told = {"shape of the view": places.shape}
        flat.call("__iadd__", 1.0)
        want += 1.0
        expect.close(
            view.fetch(),
            want[places],
            what="a view shows what is written into the vector",
            inputs=told,
            misconceptions={hint: before[places]},
            rtol=1e-12,
        )
        view.call("fill", 0.5 + number)
        missed = want.copy()
        want[places] = 0.5 + number
        expect.close(
            flat.fetch(),
            want,
            what="what is written into a view stands in the vector, and nothing else changes",
            inputs=told,
            misconceptions={hint: missed},
            rtol=1e-12,
        )


@pytest.mark.task("a1_t1", points=2)
def test_each_layer_gets_its_entries_bias_row_included(student: Student, draw: Draw) -> None:
    for sizes in drawn_sizes(draw):
        flat = draw.array(count_of(sizes))
        got = student.call("layer_views", flat, sizes)
        wrong = {name: rule(flat, sizes) for name, rule in WRONG.items()}
        wanted = cut(flat, shapes_of(sizes))
        expect.true(
            isinstance(got, list | tuple) and len(got) == len(wanted),
            what="layer_views returns a list with one matrix for each layer",
            got=got,
            inputs={"sizes": sizes},
        )
        for layer, want in enumerate(wanted):
            expect.close(
                got[layer],
                want,
                what="each matrix has a row for the biases and one for each input, a column for "
                "each unit, and takes its entries from the vector row after row",
                inputs={"flat": flat, "sizes": sizes, "layer, counted from 0": layer},
                misconceptions={name: matrices[layer] for name, matrices in wrong.items()},
                **EXACT,
            )


@pytest.mark.task("a1_t1", points=2)
def test_layers_and_vector_share_memory_both_ways(student: Student, draw: Draw) -> None:
    for sizes in drawn_sizes(draw):
        before = draw.array(count_of(sizes))
        flat = student.put(before)
        views = student.new("layer_views", flat, sizes)
        expect.unchanged(flat, before, what="layer_views leaves the vector as it is")
        expect_shared(flat, views, before, shapes_of(sizes), {})


@pytest.mark.task("a1_t1", points=1)
def test_vector_of_the_wrong_length_is_refused(student: Student, draw: Draw) -> None:
    for sizes in drawn_sizes(draw):
        right = count_of(sizes)
        fitting = student.call("layer_views", draw.array(right), sizes)
        expect.true(
            isinstance(fitting, list | tuple) and len(fitting) == len(sizes) - 1,
            what="a vector of the right length is cut into one matrix for each layer",
            got=fitting,
        )
        for length in (right + 1, right + draw.integer(2, 9), 2 * right, right - 1, 0):
            flat = draw.array(length)
            expect.raises(
                lambda flat=flat, sizes=sizes: student.call("layer_views", flat, sizes),
                what="a vector with too few or too many entries is refused with a ValueError",
                inputs={"sizes": sizes, "entries needed": right, "entries given": length},
                hint="too-long-accepted" if length > right else None,
            )


@pytest.mark.task("a1_t1", points=1)
def test_pack_joins_arrays_of_any_shapes(student: Student, draw: Draw) -> None:
    arrays = drawn_arrays(draw)
    whole = [draw.rng.integers(-9, 9, size=(2, 3)), draw.rng.integers(1, 9, size=2)]
    for given in (arrays, arrays[::-1], whole, [np.array(draw.number())], []):
        wanted = np.array([entry for array in given for entry in array.flat], dtype=np.float64)
        pair = student.call("pack", given)
        expect.true(
            isinstance(pair, list | tuple) and len(pair) == 2, what="pack returns a pair", got=pair
        )
        flat, views = pair
        inputs = {"shapes of the arrays": [array.shape for array in given]}
        expect.close(
            flat,
            wanted,
            what="flat holds the entries of all arrays, one array after the other, row after row",
            inputs=inputs,
            **EXACT,
        )
        expect.true(
            isinstance(flat, np.ndarray) and flat.dtype == np.float64,
            what="flat is a float64 vector, also if all arrays hold whole numbers",
            inputs=inputs,
            hint="whole-numbers-cut",
        )
        expect.true(
            isinstance(views, list | tuple) and len(views) == len(given),
            what="there is one view for each array",
            got=views,
            inputs=inputs,
        )
        for view, array in zip(views, given, strict=True):
            expect.close(
                view,
                array,
                what="each view has the shape and the entries of its array",
                inputs=inputs,
                **EXACT,
            )


@pytest.mark.task("a1_t1", points=1)
def test_packed_views_and_vector_share_memory_both_ways(student: Student, draw: Draw) -> None:
    whole = [draw.rng.integers(-9, 9, size=(2, 3)), draw.rng.integers(1, 9, size=2)]
    for given, hints in ((drawn_arrays(draw), {(): "number-is-no-view"}), (whole, {})):
        pair = student.new("pack", given)
        flat, views = pair.new("__getitem__", 0), pair.new("__getitem__", 1)
        before = np.concatenate([array.ravel() for array in given]).astype(np.float64)
        expect.close(flat.fetch(), before, what="flat holds the entries of all arrays", rtol=1e-12)
        expect_shared(flat, views, before, [array.shape for array in given], hints)


@pytest.mark.task("a1_t1", points=1)
def test_packed_vector_is_new(student: Student, draw: Draw) -> None:
    one, two = draw.array(draw.integer(2, 6)), draw.array(2, draw.integer(2, 3))
    for given in ([one], [two], [one, two]):
        held = [student.put(array) for array in given]
        flat = student.new("pack", held).new("__getitem__", 0)
        for handle, array in zip(held, given, strict=True):
            expect.unchanged(
                handle,
                array,
                what="pack leaves the arrays it is given as they are, shapes included",
                hint="packed-arrays-changed",
            )
        flat.call("fill", 9.0)
        expect.close(
            flat.fetch(),
            np.full(sum(array.size for array in given), 9.0),
            what="flat has as many entries as all arrays together, and can be written to",
        )
        for handle, array in zip(held, given, strict=True):
            expect.unchanged(
                handle,
                array,
                what="the arrays that were packed stay as they are when flat is written to",
                hint="packed-not-new",
            )
