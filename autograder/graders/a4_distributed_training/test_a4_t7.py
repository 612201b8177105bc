"""Hidden tests of a4_t7: layers of which each rank holds one shard.

A rank is given its shard and nothing else, so whatever it knows of the whole came as messages,
which are counted. That the whole was let go shows when the shards are changed between the way
there and the way back: whoever kept the old weights goes back through them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, RankGroup, Student, StudentRaised, expect

from .groups import all_close, close_on_every_rank, same_on_every_rank, tensors

Tensors = list[torch.Tensor]


def cut(weight: torch.Tensor, world: int) -> Tensors:
    """Return all shards of a weight."""
    size = -(-weight.numel() // world)
    return list(torch.nn.functional.pad(weight.flatten(), (0, -weight.numel() % world)).split(size))


@dataclass(frozen=True)
class Layer:
    """One layer on all ranks, and what goes through it: inputs and slopes differ by rank."""

    weight: torch.Tensor
    inputs: Tensors
    slopes: Tensors

    @classmethod
    def drawn(cls, draw: Draw, world: int, *, uneven: bool = True) -> Layer:
        """Draw a layer whose weights do, or do not, come out even."""
        outputs = world + 1 if uneven else world
        inputs = outputs if uneven else draw.integer(2, 4)
        weight = torch.from_numpy(draw.array(inputs, outputs))
        # More rows than inputs: no batch has the shape of the weights, which nobody may keep.
        rows = [inputs + draw.integer(1, 3) + rank for rank in range(world)]
        return cls(
            weight,
            [tensors(draw, 1, n, inputs)[0] * (1 - 1.5 * (n % 2)) for n in rows],
            [tensors(draw, 1, n, outputs)[0] for n in rows],
        )

    @property
    def world(self) -> int:
        """The number of ranks."""
        return len(self.inputs)

    @property
    def shard_size(self) -> int:
        """How many numbers a rank keeps."""
        return -(-self.weight.numel() // self.world)

    def outputs(self) -> Tensors:
        """Return what each rank computes."""
        return [torch.tanh(x @ self.weight) for x in self.inputs]

    def slopes_by_torch(self, later: torch.Tensor | None = None) -> tuple[Tensors, Tensors]:
        """Return each rank's slopes with respect to x and to W; ``later`` is W on the way back."""
        of_x, of_w = [], []
        for x, slope, y in zip(self.inputs, self.slopes, self.outputs(), strict=True):
            inner = slope * (1 - y**2)
            through = (self.weight if later is None else later).clone().requires_grad_()
            at = x.clone().requires_grad_()
            gradients = torch.autograd.grad((at @ through * inner).sum(), (at, through))
            of_x.append(gradients[0])
            of_w.append(gradients[1])
        return of_x, of_w


def start(student: Student, layer: Layer) -> tuple[RankGroup, Any]:
    """Give each rank its shard; count messages from here on."""
    ranks = student.ranks(layer.world)
    shards = PerRank(cut(layer.weight, layer.world))
    held = ranks.new("ShardedLayer", shards, tuple(layer.weight.shape))
    ranks.forget_messages()
    return ranks, held


def numbers(ranks: RankGroup, rank: int, kinds: Iterable[str]) -> int:
    """Return how many numbers a rank handed over in operations of these kinds."""
    return sum(m.elements for m in ranks.messages if m.rank == rank and m.what in set(kinds))


@pytest.mark.task("a4_t7", points=2)
@pytest.mark.parametrize("uneven", [False, True])
def test_shards_are_equal_pieces(student: Student, draw: Draw, uneven: bool) -> None:
    world = draw.integer(3, 5)
    weight = Layer.drawn(draw, world, uneven=uneven).weight
    turned = cut(weight.T.contiguous(), world)
    for rank, want in enumerate(cut(weight, world)):
        expect.close(
            student.call("shard_of", weight, rank, world),
            want.numpy(),
            what="shard_of cuts the weight, row by row and padded with zeros, in equal pieces",
            rtol=1e-6,
            inputs={"weight": weight, "rank": rank, "world": world},
            misconceptions={
                "shards-by-column": turned[rank].numpy(),
                "shards-not-padded": weight.flatten().tensor_split(world)[rank].numpy(),
            },
        )


@pytest.mark.task("a4_t7", points=3)
@pytest.mark.parametrize("uneven", [False, True])
def test_layer_computes_with_the_gathered_weight(
    student: Student, draw: Draw, uneven: bool
) -> None:
    for world in (draw.integer(2, 4), 1):
        layer = Layer.drawn(draw, world, uneven=uneven)
        ranks, held = start(student, layer)
        got = held.call("forward", PerRank(layer.inputs))
        linear = [x @ layer.weight for x in layer.inputs]
        close_on_every_rank(
            got,
            layer.outputs(),
            "forward returns tanh(x W), with the W that all shards make together",
            {"tanh-forgotten": linear},
        )
        for rank in range(world):
            expect.true(
                0 < ranks.elements(rank) <= layer.shard_size or world == 1,
                what="on the way there each rank hands over its shard, and no more",
                got=ranks.elements(rank),
                expected=layer.shard_size,
                hint="more-than-a-shard-gathered" if ranks.elements(rank) else "whole-weight-kept",
            )


@pytest.mark.task("a4_t7", points=3)
def test_gradient_is_the_mean_over_ranks(student: Student, draw: Draw) -> None:
    for world, uneven in ((draw.integer(2, 4), True), (draw.integer(2, 3), False), (1, False)):
        layer = Layer.drawn(draw, world, uneven=uneven)
        ranks, held = start(student, layer)
        held.call("forward", PerRank(layer.inputs))
        ranks.forget_messages()
        back = held.call("backward", PerRank(layer.slopes))
        of_x, of_w = layer.slopes_by_torch()
        close_on_every_rank(
            back,
            of_x,
            "backward returns each rank's own slope with respect to its x",
            {"activation-slope-forgotten": [slope @ layer.weight.T for slope in layer.slopes]},
        )
        summed = sum(of_w, torch.zeros_like(layer.weight))
        close_on_every_rank(
            held.get("gradient"),
            cut(summed / world, world),
            "gradient is the rank's shard of the mean gradient over all ranks",
            {
                "sharded-gradient-summed": cut(summed, world),
                "sharded-gradient-of-one-rank": [cut(g, world)[r] for r, g in enumerate(of_w)],
                "sharded-gradient-whole": [summed / world] * world,
            }
            if world > 1
            else {},
        )


@pytest.mark.task("a4_t7", points=2)
def test_gradients_travel_by_shards(student: Student, draw: Draw) -> None:
    layer = Layer.drawn(draw, draw.integer(2, 4))
    ranks, held = start(student, layer)
    for part, values in (("forward", layer.inputs), ("backward", layer.slopes)):
        ranks.forget_messages()
        held.call(part, PerRank(values))
    close_on_every_rank(
        held.get("gradient"),
        cut(torch.stack(layer.slopes_by_torch()[1]).mean(0), layer.world),
        "gradient is the rank's shard of the mean gradient over all ranks",
        {},
    )
    reduced = [m.what for m in ranks.messages if m.rank == 0]
    expect.true(
        "all_reduce" not in reduced,
        what="no rank is given the whole gradient: it is reduced and scattered",
        got=reduced,
        hint="whole-gradient-everywhere",
    )
    for rank in range(layer.world):
        others = {m.what for m in ranks.messages} - {"reduce_scatter"}
        handed = numbers(ranks, rank, others)
        expect.true(
            handed <= layer.shard_size,
            what="on the way back a rank hands over its shard of W, and its gradient once",
            got=handed,
            expected=layer.shard_size,
            hint="whole-gradient-everywhere",
        )


@pytest.mark.task("a4_t7", points=2)
def test_whole_weights_are_let_go(student: Student, draw: Draw) -> None:
    layer = Layer.drawn(draw, draw.integer(2, 3))
    later = torch.from_numpy(draw.array(*layer.weight.shape, low=2.0, high=3.0))
    ranks, held = start(student, layer)
    held.call("forward", PerRank(layer.inputs))
    for handle, shard in zip(held, cut(later, layer.world), strict=True):
        handle.set("shard", shard)
    back = held.call("backward", PerRank(layer.slopes))
    old, _ = layer.slopes_by_torch()
    new, _ = layer.slopes_by_torch(later)
    # Whoever computes the output again, instead of keeping it, comes by the weights of now.
    anew, _ = replace(layer, weight=later).slopes_by_torch()
    recomputed = all_close(back, anew)
    close_on_every_rank(
        back,
        anew if recomputed else new,
        "the way back gathers the weights again: shards that were changed meanwhile count",
        {"whole-weight-kept": old},
    )
    again = held.call("forward", PerRank(layer.inputs))
    close_on_every_rank(
        again,
        [torch.tanh(x @ later) for x in layer.inputs],
        "every way there gathers the weights again",
        {"whole-weight-kept": layer.outputs()},
    )
    same_on_every_rank(
        ranks.call("shard_of", later, 0, 1), "shard_of gives a rank that is alone all weights"
    )
    for rank, kept in enumerate(_attributes(held)):
        flowing = {tuple(x.shape) for x in (layer.inputs[rank], layer.slopes[rank])}
        expect.true(
            _largest(kept, flowing) <= layer.shard_size,
            what="between the calls a layer keeps x, the output and its shards; no whole weight",
            got=sorted(kept),
            hint="whole-weight-stored",
        )


def _attributes(held: Any) -> list[dict[str, Any]]:
    """Return what each rank's layer keeps, as far as it tells."""
    try:
        told = held.get("__dict__")
    except StudentRaised:  # a class with slots
        return []
    return [kept for kept in told if isinstance(kept, dict)]


def _largest(kept: Any, shapes: set[tuple[int, ...]]) -> int:
    """Return the size of the largest tensor kept that has not the shape of x or the output."""
    if isinstance(kept, torch.Tensor):
        return 0 if tuple(kept.shape) in shapes else kept.numel()
    parts = kept.values() if isinstance(kept, dict) else kept
    if not isinstance(parts, Iterable) or isinstance(parts, str):
        return 0
    return max((_largest(part, shapes) for part in parts), default=0)
