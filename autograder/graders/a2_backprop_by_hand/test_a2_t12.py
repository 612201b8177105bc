"""Hidden tests of a2_t12: a convolution, a pool and a recurrent cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d, max_pool2d

from autograder.grading import Draw, Student, expect

from .promises import (
    TOLERANCE,
    Array,
    call_with_shapes,
    expect_kept,
    expect_unchanged,
    parts_of,
    torch_slopes,
)


def some_image(draw: Draw) -> tuple[Array, Array]:
    """Draw an image and a kernel, neither square nor symmetric."""
    rows = draw.integer(2, 3)
    columns = 5 - rows
    image = draw.array(rows + draw.integer(2, 4), columns + draw.integer(3, 6))
    return image, draw.array(rows, columns, low=0.5, high=2.0)


def slid(image: torch.Tensor, kernel: torch.Tensor) -> torch.Tensor:
    """Return the sums of products at all places, by PyTorch."""
    return conv2d(image[None, None], kernel[None, None])[0, 0]


def answers(image: Array, kernel: Array) -> Array:
    """Return the same as an array."""
    return slid(torch.tensor(image.copy()), torch.tensor(kernel.copy())).numpy()


@pytest.mark.task("a2_t12", points=2)
def test_kernel_slides_over_all_places_where_it_fits(student: Student, draw: Draw) -> None:
    image, kernel = some_image(draw)
    for weights in (kernel, image, np.array([[2.0]])):
        want = answers(image, weights)
        expect.close(
            call_with_shapes(student, "convolve", image, weights),
            want,
            what="convolve(image, kernel) has a sum of products for each place of the kernel",
            inputs={"image": image, "kernel": weights},
            misconceptions={"kernel-flipped": answers(image, weights[::-1, ::-1])},
            **TOLERANCE,
        )
    expect_kept(student, "convolve", image=image, kernel=kernel)
    tall = np.zeros((len(image) + 1, 1))
    expect.raises(
        lambda: student.call("convolve", image, tall),
        what="a kernel that is larger than the image is refused with a ValueError",
        inputs={"shape of the image": image.shape, "shape of the kernel": tall.shape},
        hint="large-kernel-accepted",
    )


def convolution_slopes(student: Student, draw: Draw, part: int, name: str) -> None:
    """Expect the slopes of the image (part 0) or of the kernel (part 1)."""
    image, kernel = some_image(draw)
    upstream = draw.array(*answers(image, kernel).shape, low=0.5, high=2.0)
    g = torch.tensor(upstream)
    want = torch_slopes(lambda i, k: (slid(i, k) * g).sum(), image, kernel)
    other = torch_slopes(lambda i, k: (slid(i, k) * torch.ones_like(g)).sum(), image, kernel)
    flipped = torch_slopes(lambda i, k: (slid(i, k) * g).sum(), image, kernel[::-1, ::-1].copy())
    before = {"upstream": upstream, "image": image, "kernel": kernel}
    held = {key: student.put(array) for key, array in before.items()}
    got = parts_of(
        call_with_shapes(student, "convolve_backward", *held.values()),
        2,
        "convolve_backward returns two slopes: of the image and of the kernel",
    )
    expect.close(
        got[part],
        want[part],
        what=f"the slopes of the {name} collect all places where each of its entries took part",
        inputs=before,
        misconceptions={
            "upstream-ignored": other[part],
            "kernel-flipped": flipped[0] if part == 0 else want[1][::-1, ::-1],
        },
        **TOLERANCE,
    )
    expect_unchanged(held, before, "convolve_backward")


@pytest.mark.task("a2_t12", points=1)
def test_slopes_of_the_image(student: Student, draw: Draw) -> None:
    convolution_slopes(student, draw, 0, "image")


@pytest.mark.task("a2_t12", points=2)
def test_slopes_of_the_kernel(student: Student, draw: Draw) -> None:
    convolution_slopes(student, draw, 1, "kernel")


def some_tiles(draw: Draw) -> tuple[Array, int]:
    """Draw an image, negative throughout, whose sides no tile divides."""
    size = draw.integer(2, 3)
    # Neither as many tiles down as across, nor as many as a tile has entries in a row.
    rows, columns = size * (size + 1) + 1, size * (size + 2) + 1
    image = -1.0 - 0.25 * draw.rng.permutation(rows * columns).reshape(rows, columns)
    # Winners stand at every place of a tile, and later tiles have larger ones.
    for k, (i, j) in enumerate(np.ndindex(size + 1, size + 2)):
        image[i * size + k % size, j * size + k // size % size] = 0.01 * k - 0.5
    return image, size


@pytest.mark.task("a2_t12", points=1)
def test_pool_takes_the_largest_of_each_tile(student: Student, draw: Draw) -> None:
    image, size = some_tiles(draw)
    want = max_pool2d(torch.tensor(image)[None], size)[0].numpy()
    tiles = image[: want.shape[0] * size, : want.shape[1] * size]
    tiles = tiles.reshape(want.shape[0], size, want.shape[1], size)
    expect.close(
        student.call("max_pool", image, size),
        want,
        what="max_pool(image, size) has the largest entry of each whole tile",
        inputs={"image": image, "size": size},
        misconceptions={
            "mean-for-largest": tiles.mean(axis=(1, 3)),
            "border-pooled": max_pool2d(torch.tensor(image)[None], size, ceil_mode=True)[0].numpy(),
            "tiles-overlap": max_pool2d(torch.tensor(image)[None], size, 1)[0].numpy(),
        },
        **TOLERANCE,
    )
    expect_kept(student, "max_pool", size, image=image)


@pytest.mark.task("a2_t12", points=2)
def test_pool_hands_its_slope_to_the_winner(student: Student, draw: Draw) -> None:
    image, size = some_tiles(draw)
    pooled = max_pool2d(torch.tensor(image)[None], size)[0]
    upstream = draw.array(*pooled.shape, low=0.5, high=2.0)
    g = torch.tensor(upstream)
    want = torch_slopes(lambda i: (max_pool2d(i[None], size)[0] * g).sum(), image)[0]
    spread = np.zeros(image.shape)
    rows, columns = (n * size for n in upstream.shape)
    spread[:rows, :columns] = np.kron(upstream, np.ones((size, size)))
    before = {"upstream": upstream, "image": image}
    held = {name: student.put(array) for name, array in before.items()}
    expect.close(
        student.call("max_pool_backward", held["upstream"], held["image"], size),
        want,
        what="the slope of a tile goes to its largest entry, and to no other",
        inputs={**before, "size": size},
        misconceptions={
            "slope-to-all": spread,
            "slope-shared": spread / size**2,
            "upstream-ignored": (want != 0.0).astype(float),
        },
        **TOLERANCE,
    )
    expect_unchanged(held, before, "max_pool_backward")
    flat = np.full((size, 2 * size), -1.0)
    first = np.zeros(flat.shape)
    first[0, [0, size]] = 1.0
    expect.close(
        student.call("max_pool_backward", np.ones((1, 2)), flat, size),
        first,
        what="among equal largest entries the first in reading order gets the slope",
        inputs={"image": flat, "upstream": np.ones((1, 2)), "size": size},
        misconceptions={"slope-to-all": np.ones(flat.shape)},
        **TOLERANCE,
    )


def some_cell(draw: Draw) -> dict[str, Array]:
    """Draw a sequence and a cell, by the names of run_cell's parameters."""
    steps, n_in, units = draw.integer(3, 6), draw.integer(2, 3), draw.integer(4, 5)
    return {
        "x": draw.array(steps, n_in),
        "h_0": draw.array(units),
        "w_x": draw.array(n_in, units),
        "w_h": draw.array(units, units),
        "b": draw.array(units),
    }


def states_of(x: Any, h_0: Any, w_x: Any, w_h: Any, b: Any) -> torch.Tensor:
    """Return all states of the cell, by PyTorch."""
    states, h = [], h_0
    for x_t in x:
        h = torch.tanh(x_t @ w_x + h @ w_h + b)
        states.append(h)
    return torch.stack(states)


@pytest.mark.task("a2_t12", points=1)
def test_cell_hands_its_state_on(student: Student, draw: Draw) -> None:
    cell = some_cell(draw)
    tensors = {name: torch.tensor(array) for name, array in cell.items()}
    turned = {**tensors, "w_h": tensors["w_h"].T}
    expect.close(
        call_with_shapes(student, "run_cell", *cell.values()),
        states_of(**tensors).numpy(),
        what="each state is tanh(x_t w_x + h w_h + b), h being the state before",
        inputs=cell,
        misconceptions={
            "state-not-handed-on": torch.tanh(
                tensors["x"] @ tensors["w_x"] + tensors["h_0"] @ tensors["w_h"] + tensors["b"]
            ).numpy(),
            "first-state-forgotten": states_of(**{**tensors, "h_0": 0.0 * tensors["h_0"]}).numpy(),
            "recurrent-weights-transposed": states_of(**turned).numpy(),
        },
        **TOLERANCE,
    )
    expect_kept(student, "run_cell", **cell)


@pytest.mark.task("a2_t12", points=3)
def test_slopes_of_the_cell_add_up_over_time(student: Student, draw: Draw) -> None:
    cell = some_cell(draw)
    tensors = {name: torch.tensor(array) for name, array in cell.items()}
    states = states_of(**tensors)
    upstream = draw.array(*states.shape)
    g = torch.tensor(upstream)
    rest = tensors["x"], tensors["h_0"]
    weights = cell["w_x"], cell["w_h"], cell["b"]
    want = torch_slopes(lambda *w: (states_of(*rest, *w) * g).sum(), *weights)
    cut = torch_slopes(lambda *w: (_without_memory(*rest, states, *w) * g).sum(), *weights)
    turned = _with_turned_weights(cell, states.numpy(), upstream)
    before = {"upstream": upstream, "x": cell["x"], "h_0": cell["h_0"], "states": states.numpy()}
    before |= {"w_x": cell["w_x"], "w_h": cell["w_h"]}
    held = {name: student.put(array) for name, array in before.items()}
    got = parts_of(
        call_with_shapes(student, "run_cell_backward", *held.values()),
        3,
        "run_cell_backward returns three slopes: of w_x, of w_h and of b",
    )
    for number, name in enumerate(("w_x", "w_h", "b")):
        expect.close(
            got[number],
            want[number],
            what=f"the slopes of {name} add up what it did in every step, through all later ones",
            inputs=before,
            misconceptions={
                "time-cut": cut[number],
                "recurrent-weights-transposed": turned[number],
            },
            **TOLERANCE,
        )
    expect_unchanged(held, before, "run_cell_backward")


def _without_memory(
    x: Any, h_0: Any, states: torch.Tensor, w_x: Any, w_h: Any, b: Any
) -> torch.Tensor:
    """Return all states, each as if the one before were a given number."""
    before = torch.cat([h_0[None], states[:-1]])
    return torch.tanh(x @ w_x + before @ w_h + b)


def _with_turned_weights(cell: dict[str, Array], states: Array, upstream: Array) -> list[Array]:
    """Return the slopes if the way back through time uses w_h instead of its transpose."""
    before = np.vstack([cell["h_0"], states[:-1]])
    dz, later = np.zeros(states.shape), np.zeros(states.shape[1])
    for t in range(len(states) - 1, -1, -1):
        dz[t] = (upstream[t] + later) * (1.0 - states[t] ** 2)
        later = dz[t] @ cell["w_h"]
    return [cell["x"].T @ dz, before.T @ dz, dz.sum(axis=0)]
