"""Hidden tests of a4_t11: a step with products in bfloat16, on the CPU and on a device.

Rounding is told from honest noise by numbers between 256 and 512: there a bfloat16 knows only the
even ones, and a difference of two columns keeps nothing but what was rounded away.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch

from autograder.grading import Draw, Handle, Student, expect

# A product of rounded numbers is off by 2**-9 of itself, and the tanh and its slope follow. Right
# answers agree to 0.01, where mistakes differ by a fifth and more.
ROUGHLY = {"rtol": 0.05, "atol": 0.01}
Weights = list[torch.Tensor]


def step(
    student: Student, weights: Weights, *args: Any, held: list[Handle] | None = None
) -> dict[str, Any]:
    """Take one step; return what there is, if it has the right form."""
    got = student.call("mixed_step", held or weights, *args)
    whole = isinstance(got, dict) and set(got) == {"weights", "loss", "peak_bytes"}
    what = 'mixed_step returns a dict with "weights", "loss" and "peak_bytes"'
    expect.true(whole, what=what, got=got)
    new = got["weights"]
    expect.true(
        isinstance(new, list | tuple)
        and len(new) == len(weights)
        and all(
            isinstance(w, torch.Tensor) and w.shape == v.shape
            for w, v in zip(new, weights, strict=True)
        ),
        what='"weights" holds one matrix for each weight, of its shape',
        got=new,
    )
    return dict(got)


def forward(weights: Weights, x: torch.Tensor, *, rounded: bool) -> torch.Tensor:
    """Return the model's output, with the factors of all products rounded or not."""
    for weight in weights:
        if rounded:
            x, weight = x.bfloat16().float(), weight.bfloat16().float()
        x = torch.tanh(x @ weight)
    return x


def cancelling(draw: Draw) -> tuple[Weights, torch.Tensor, torch.Tensor]:
    """Draw a model whose first layer subtracts neighbours: 1 if exact, and 2 if rounded."""
    rows, outputs = draw.integer(3, 5), draw.integer(2, 3)
    odd = torch.tensor([[259.0 + 4 * draw.integer(0, 30)] for _ in range(rows)])  # one is added
    x = torch.cat([odd, odd - 1], dim=1)
    share = torch.tensor([draw.choice([0.25, 0.5]) for _ in range(outputs)])
    first = torch.stack([share, -share])
    second = torch.from_numpy(draw.array(outputs, 1, low=0.5, high=1.0)).float()
    return [first, second], x, torch.zeros(rows, 1)


@pytest.mark.task("a4_t11", points=2)
def test_products_are_in_bfloat16(student: Student, draw: Draw) -> None:
    weights, x, wanted = cancelling(draw)
    got = step(student, weights, x, wanted, 0.1, "cpu", 0)
    loss = {
        rounded: (forward(weights, x, rounded=rounded) ** 2).mean() for rounded in (True, False)
    }
    summed = (forward(weights, x, rounded=True) ** 2).sum()
    expect.close(
        got["loss"],
        float(loss[True]),
        what="the loss is the mean squared error of a model whose products are in bfloat16",
        inputs={"weights": weights, "x": x, "wanted": wanted},
        misconceptions={"all-in-float32": float(loss[False]), "loss-summed": float(summed)},
        **ROUGHLY,
    )
    expect.equal(got["peak_bytes"], 0, what="on the CPU peak_bytes is 0")


@pytest.mark.task("a4_t11", points=2)
def test_small_steps_are_not_lost(student: Student, draw: Draw) -> None:
    sizes = [draw.integer(3, 5), draw.integer(2, 4), 2]
    weights = [
        torch.from_numpy(draw.array(a, b, low=0.5, high=0.9)).float() / a
        for a, b in itertools.pairwise(sizes)
    ]
    x = torch.from_numpy(draw.array(6, sizes[0], low=0.5, high=1.0)).float()
    wanted = torch.from_numpy(draw.array(6, 2, low=-1.0, high=-0.5)).float()
    leaves = [weight.clone().requires_grad_() for weight in weights]
    error = ((forward(leaves, x, rounded=False) - wanted) ** 2).mean()
    slopes = torch.autograd.grad(error, leaves)
    rate = 1e-3
    got = step(student, weights, x, wanted, rate, "cpu", 0)
    for number, (weight, slope) in enumerate(zip(weights, slopes, strict=True)):
        found = got["weights"][number]
        moved = (found.double() - weight.double()) / -rate
        # Whoever keeps weights in bfloat16 returns numbers that a bfloat16 can hold.
        is_rounded = torch.equal(found.float(), found.bfloat16().float())
        expect.true(
            found.dtype == torch.float32 and not is_rounded,
            what=f"weight {number} stays in float32, and moves by a step far below its rounding in "
            "bfloat16",
            got=found,
            expected=weight - rate * slope,
            hint="weights-in-half",
        )
        expect.close(
            moved,
            slope.double().numpy(),
            what=f"weight {number} moves against its slope, by lr times the slope",
            misconceptions={"wrong-way": -slope.double().numpy()},
            rtol=0.1,
            atol=0.01,
        )


@pytest.mark.task("a4_t11", points=1)
def test_inputs_stay_and_checkpoints_change_nothing(student: Student, draw: Draw) -> None:
    weights, x, wanted = cancelling(draw)
    held = [student.put(weight) for weight in weights]
    results = []
    for every in (0, 1, 2, 3):
        results.append(step(student, weights, x, wanted, 0.1, "cpu", every, held=held))
        for handle, weight in zip(held, weights, strict=True):
            expect.unchanged(handle, weight, what="mixed_step changes none of its inputs")
            what = "the matrices that came in still ask for no gradient"
            expect.true(handle.get("requires_grad") is False, what=what)
    plain, *others = (result["weights"] for result in results)
    for number, one in enumerate(plain):
        for checked in others:
            expect.close(
                checked[number],
                one.double().numpy(),
                what="with checkpoints the new weights are the same",
                rtol=1e-3,
                atol=1e-4,
            )
    expect.true(
        any(bool((new.float() != old).any()) for new, old in zip(plain, weights, strict=True)),
        what="the weights move",
        got=plain,
    )


@pytest.mark.task("a4_t11", points=3)
@pytest.mark.gpu(devices=1, memory_gib=4)
def test_checkpoints_lower_the_peak_on_a_device(student: Student, draw: Draw) -> None:
    layers, size, rows = 24, 512, 1 << 13
    weights = [
        torch.from_numpy(draw.array(size, size)).float() * 1.7 / size**0.5 for _ in range(layers)
    ]
    x, wanted = (torch.from_numpy(draw.array(rows, size)).float() for _ in range(2))
    plain, checked = (step(student, weights, x, wanted, 0.5, "cuda", every) for every in (0, 6))
    want = float(((forward(weights, x, rounded=True) - wanted) ** 2).mean())
    for got in (plain, checked):
        expect.close(got["loss"], want, what="on a device the loss is the same", **ROUGHLY)
    # In MiB, reckoned and not yet seen on a device: both hold about 150 for x, wanted, the loss,
    # weights and slopes. To this come 8 for each layer, or for 4 segments and one of 6 layers.
    peaks = [plain["peak_bytes"], checked["peak_bytes"]]
    expect.true(
        all(type(peak) is int and peak > 0 for peak in peaks) and peaks[1] <= 0.8 * peaks[0],
        what="with checkpoints the device holds at most four fifths of what it holds without",
        got=peaks,
        hint="peak-not-lower",
    )
