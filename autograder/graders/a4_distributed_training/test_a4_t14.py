"""Hidden tests of a4_t14: one step of all ranks together, with whole matrices and with shards.

On the CPU the messages are carried, and counted. On devices nothing is counted; there the peak
tells whether whole matrices were let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, RankGroup, Student, expect

from .groups import close_on_every_rank

Tensors = list[torch.Tensor]
DEVICE = "cuda"
FEW = 8  # numbers that may travel besides weights and slopes, such as a loss


@dataclass(frozen=True)
class Job:
    """A model, and each rank's rows."""

    weights: Tensors
    inputs: Tensors
    wanted: Tensors
    rate: float

    @classmethod
    def drawn(cls, draw: Draw, world: int, layers: int, size: int, rows: int) -> Job:
        """Draw float32 matrices near a rotation's scale, so that no tanh is flat."""

        def array(*shape: int) -> torch.Tensor:
            return torch.from_numpy(draw.array(*shape, low=-1.0, high=1.0)).float()

        scale = 1.7 / size**0.5
        return cls(
            [array(size, size) * scale for _ in range(layers)],
            [array(rows, size) for _ in range(world)],
            [array(rows, size) + 0.5 * rank for rank in range(world)],
            rate=draw.choice([0.25, 0.5, 1.0]),
        )

    @property
    def world(self) -> int:
        """The number of ranks."""
        return len(self.inputs)

    @property
    def shard_size(self) -> int:
        """How many numbers of a matrix a rank keeps."""
        return self.weights[0].numel() // self.world

    def loss_and_slopes(self, x: torch.Tensor, wanted: torch.Tensor) -> tuple[float, Tensors]:
        """Return what torch's own way back gives for some rows."""
        leaves = [weight.clone().requires_grad_() for weight in self.weights]
        value = x
        for leaf in leaves:
            value = torch.tanh(value @ leaf)
        loss = ((value - wanted) ** 2).mean()
        return loss.item(), list(torch.autograd.grad(loss, leaves))

    def of_all_rows(self) -> tuple[float, Tensors]:
        """Return loss and slopes of the rows of all ranks together."""
        return self.loss_and_slopes(torch.cat(self.inputs), torch.cat(self.wanted))

    def moved(self, slopes: Tensors, factor: float = 1.0) -> Tensors:
        """Return the weights after a step along these slopes."""
        pairs = zip(self.weights, slopes, strict=True)
        return [weight - factor * self.rate * slope for weight, slope in pairs]

    def part(self, weight: torch.Tensor, rank: int, *, sharded: bool) -> torch.Tensor:
        """Return what one rank holds of a matrix."""
        return weight.flatten().split(self.shard_size)[rank] if sharded else weight

    def parts(self, weight: torch.Tensor, *, sharded: bool) -> Tensors:
        """Return what every rank holds of a matrix."""
        return [self.part(weight, rank, sharded=sharded) for rank in range(self.world)]


def steps(ranks: RankGroup, job: Job, device: str, *, sharded: bool) -> list[dict[str, Any]]:
    """Take the step on all ranks; return what there is, if it has the right form."""
    held = [PerRank(job.parts(weight, sharded=sharded)) for weight in job.weights]
    inputs, wanted = PerRank(job.inputs), PerRank(job.wanted)
    got = ranks.call("ranks_step", held, inputs, wanted, job.rate, device, sharded)
    for found in got:
        whole = isinstance(found, dict) and set(found) == {"weights", "loss", "peak_bytes"}
        what = 'ranks_step returns a dict with "weights", "loss" and "peak_bytes"'
        expect.true(whole, what=what, got=found)
        new = found["weights"]
        expect.true(
            isinstance(new, list | tuple) and len(new) == len(job.weights),
            what='"weights" holds as many tensors as came in',
            got=new,
        )
        form = job.part(job.weights[0], 0, sharded=sharded).shape
        expect.true(
            all(isinstance(w, torch.Tensor) and w.shape == form for w in new),
            what="the new weights have the form of those that came in",
            got=[tuple(w.shape) if isinstance(w, torch.Tensor) else w for w in new],
            expected=tuple(form),
            hint="shard-expected" if sharded else None,
        )
    return got


def expect_one_step(job: Job, got: list[dict[str, Any]], where: str, *, sharded: bool) -> None:
    """Expect the step that one rank with all the rows would take."""
    loss, slopes = job.of_all_rows()
    alone = [job.loss_and_slopes(*rows) for rows in zip(job.inputs, job.wanted, strict=True)]
    right = job.moved(slopes)
    for number, want in enumerate(right):
        own = [job.moved(of_rank)[number] for _, of_rank in alone]
        wrong = {
            "step-of-own-rows": [
                job.part(weight, rank, sharded=sharded) for rank, weight in enumerate(own)
            ],
            "step-of-the-sum": job.parts(job.moved(slopes, job.world)[number], sharded=sharded),
            "wrong-way": job.parts(job.moved(slopes, -1.0)[number], sharded=sharded),
        }
        close_on_every_rank(
            [found["weights"][number] for found in got],
            job.parts(want, sharded=sharded),
            f"{where}, matrix {number} takes the step of the rows of all ranks",
            wrong if job.world > 1 else {},
        )
    for rank, found in enumerate(got):
        wrong_losses = {
            "loss-of-own-rows": alone[rank][0],
            "loss-of-ranks-summed": loss * job.world,
        }
        expect.close(
            found["loss"],
            loss,
            what=f"{where}, the loss is the mean over the rows of all ranks (rank {rank})",
            misconceptions=wrong_losses if job.world > 1 else {},
            rtol=1e-4,
            atol=1e-6,
        )


@pytest.mark.task("a4_t14", points=1)
def test_one_step_of_all_ranks(student: Student, draw: Draw) -> None:
    for world in (draw.integer(2, 3), 1):
        job = Job.drawn(draw, world, layers=draw.integer(2, 3), size=2 * world, rows=3)
        got = steps(student.ranks(world), job, "cpu", sharded=False)
        expect_one_step(job, got, "with whole matrices", sharded=False)
        peaks = [found["peak_bytes"] for found in got]
        expect.equal(peaks, [0] * world, what="on the CPU peak_bytes is 0")


@pytest.mark.task("a4_t14", points=2)
def test_sharded_step_of_all_ranks(student: Student, draw: Draw) -> None:
    for world in (draw.integer(2, 4), 1):
        job = Job.drawn(draw, world, layers=draw.integer(2, 3), size=4 * world, rows=3)
        ranks = student.ranks(world)
        got = steps(ranks, job, "cpu", sharded=True)
        expect_one_step(job, got, "with shards", sharded=True)
        for rank in range(world) if world > 1 else ():
            gathered, reduced = travelled(ranks, rank)
            shards = len(job.weights) * job.shard_size
            expect.true(
                reduced <= FEW,
                what="slopes are reduced and scattered; no rank is given a whole one",
                got=reduced,
                hint="whole-gradient-everywhere" if gathered > 0 else "more-than-a-shard-gathered",
            )
            expect.true(
                shards <= gathered <= 2 * shards + FEW,
                what="a rank hands over its shards on the way there, and again on the way back",
                got=gathered,
                expected=2 * shards,
                hint="more-than-a-shard-gathered" if gathered > shards else None,
            )


def travelled(ranks: RankGroup, rank: int) -> tuple[int, int]:
    """Return how many numbers a rank handed over: to be kept as they are, and to be summed."""
    summed = ("all_reduce", "reduce")
    mine = [m for m in ranks.messages if m.rank == rank and m.what != "reduce_scatter"]
    return (
        sum(m.elements for m in mine if m.what not in summed),
        sum(m.elements for m in mine if m.what in summed),
    )


@pytest.mark.task("a4_t14", points=1)
@pytest.mark.gpu(devices=2, memory_gib=2)
def test_one_step_on_devices(student: Student, draw: Draw) -> None:
    job = Job.drawn(draw, 2, layers=3, size=8, rows=4)
    got = steps(student.ranks(2, DEVICE), job, DEVICE, sharded=False)
    expect_one_step(job, got, "on devices", sharded=False)


@pytest.mark.task("a4_t14", points=2)
@pytest.mark.gpu(devices=2, memory_gib=2)
def test_shards_lower_the_peak_on_devices(student: Student, draw: Draw) -> None:
    small = Job.drawn(draw, 2, layers=3, size=8, rows=4)
    got = steps(student.ranks(2, DEVICE), small, DEVICE, sharded=True)
    expect_one_step(small, got, "on devices", sharded=True)
    # A matrix more is 1 MiB more, or half of it. The libraries' own buffers, not yet seen on a
    # device, do not grow with the model: so only the growth is compared.
    growth = {}
    for sharded in (False, True):
        peaks = []
        for layers in (4, 20):
            job = Job.drawn(draw, 2, layers=layers, size=512, rows=4)
            got = steps(student.ranks(2, DEVICE), job, DEVICE, sharded=sharded)
            peaks.append(max(found["peak_bytes"] for found in got))
        growth[sharded] = peaks[1] - peaks[0]
    expect.true(
        0 < growth[True] <= 0.75 * growth[False],
        what="with shards a device holds about half as much more for sixteen matrices more",
        got=growth,
        hint="peak-not-sharded",
    )
