"""What the hidden tests of this assignment share: inputs that differ from rank to rank."""

from __future__ import annotations

from typing import Any

import torch

from autograder.grading import Draw, PerRank, RankGroup, expect

# Right answers in float64 agree to 1e-15, those in float32 to 1e-6; mistakes are off by a tenth
# and more.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


def tensors(draw: Draw, ranks: int, *shape: int) -> list[torch.Tensor]:
    """Draw one float64 tensor for each rank."""
    return [torch.from_numpy(draw.array(*shape, low=0.5, high=2.0)) for _ in range(ranks)]


def close_on_every_rank(
    got: list[Any], want: list[torch.Tensor], what: str, wrong: dict[str, list[torch.Tensor]]
) -> None:
    """Expect one tensor from each rank; a mistake is named if it fits all ranks."""
    for rank, found in enumerate(got):
        expect.true(
            isinstance(found, torch.Tensor),
            what=f"{what} (rank {rank})",
            got=found,
            expected=want[0],
        )
    hint = next((name for name, all_of_it in wrong.items() if all_close(got, all_of_it)), None)
    if hint is not None:
        expect.true(all_close(got, want), what=what, got=got[0], expected=want[0], hint=hint)
    for rank, (found, wanted) in enumerate(zip(got, want, strict=True)):
        expect.close(found, wanted.numpy(), what=f"{what} (rank {rank})", **TOLERANCE)


def same_on_every_rank(got: list[Any], what: str) -> None:
    """Expect all ranks to hold one tensor; which one, another test looks at."""
    expect.true(isinstance(got[0], torch.Tensor), what=what, got=got[0])
    close_on_every_rank(got, [got[0]] * len(got), what, {})


def all_close(got: list[Any], want: list[torch.Tensor]) -> bool:
    """Say whether these are the tensors wanted."""
    return all(
        isinstance(found, torch.Tensor)
        and found.shape == wanted.shape
        and torch.allclose(found.double(), wanted.double(), rtol=1e-4, atol=1e-5, equal_nan=True)
        for found, wanted in zip(got, want, strict=True)
    )


def put_parameter(ranks: RankGroup, values: list[torch.Tensor], *, frozen: bool = False) -> Any:
    """Leave one parameter in every rank; give the handles."""
    held = ranks.put(PerRank(values))
    if not frozen:
        for handle in held:
            handle.set("requires_grad", True)
    return held


def set_gradient(held: Any, gradients: list[torch.Tensor | None]) -> None:
    """Set the gradient of a parameter in every rank; None leaves it without."""
    for handle, gradient in zip(held, gradients, strict=True):
        if gradient is not None:
            handle.set("grad", gradient)


def fetch_all(held: Any) -> list[Any]:
    """Return a parameter's value in every rank."""
    return [handle.get("data") for handle in held]
