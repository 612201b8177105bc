"""The hidden tests' own rules, held against what nobody here wrote: torch over gloo."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist

from autograder.authoring import apply_answers, build_stub, load_solutions
from autograder.grading import Submission, grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import TestResult
from autograder.settings import load_settings
from course.ranks import run_ranks

from .material import ROOT, SETTINGS, assignment_of, is_explored, load_answers

SLUG = "a4_distributed_training"
ANSWERS = ["reference", "right/written_with_loops", "right/float32_in_one_bucket"]


@pytest.mark.parametrize("name", [*ANSWERS, "right/asynchronous"])
def test_right_answers_work_over_gloo_too(name: str) -> None:
    """The group that hidden tests use behaves as gloo does for every right answer."""
    answer: Any = load_answers(SLUG, name, torch=torch, dist=dist)

    def ring() -> torch.Tensor:
        x = torch.arange(7.0) * (dist.get_rank() + 1)
        answer.ring_all_reduce(x)
        return x

    def adam() -> tuple[torch.Tensor, int]:
        weights = [torch.ones(3, requires_grad=True), torch.ones(2, 2, requires_grad=True)]
        sharded = answer.ShardedAdam(weights, lr=0.1, beta1=0.9, beta2=0.99, eps=0.1)
        for weight in weights:
            weight.grad = torch.full_like(weight, 1.0 + 2 * dist.get_rank())
        sharded.step()
        return torch.cat([w.detach().flatten() for w in weights]), sharded.m.numel()

    for got in run_ranks(ring, 3):
        torch.testing.assert_close(got, torch.arange(7.0) * 6)
    want = 1 - 0.1 * 2.0 / (2.0 + 0.1)
    for got, size in run_ranks(adam, 2):
        torch.testing.assert_close(got, torch.full((7,), want))
        assert size == 4


@pytest.mark.parametrize("name", [*ANSWERS, "right/asynchronous"])
def test_sharded_layers_work_over_gloo_too(name: str) -> None:
    answer: Any = load_answers(SLUG, name, torch=torch, dist=dist)
    weight = torch.linspace(-1.0, 1.0, 15).reshape(5, 3)
    x = torch.linspace(0.0, 1.0, 10).reshape(2, 5)

    def layer() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rank, world = dist.get_rank(), dist.get_world_size()
        sharded = answer.ShardedLayer(answer.shard_of(weight, rank, world), (5, 3))
        y = sharded.forward(x * (rank + 1))
        return y, sharded.backward(torch.ones_like(y)), sharded.gradient

    results = run_ranks(layer, 2)
    gradients = []
    for rank, (y, back, _) in enumerate(results):
        at, w = (x * (rank + 1)).requires_grad_(), weight.clone().requires_grad_()
        want = torch.tanh(at @ w)
        want.sum().backward()
        torch.testing.assert_close(y, want.detach())
        torch.testing.assert_close(back, at.grad)
        gradients.append(w.grad)
    whole = torch.cat([shard for _, _, shard in results])
    torch.testing.assert_close(whole[:15], torch.stack(gradients).mean(0).flatten())
    assert not whole[15:].any(), "the padding is no weight"


@pytest.mark.parametrize("name", ["reference", "right/asynchronous"])
@pytest.mark.parametrize("sharded", [False, True])
def test_step_of_all_ranks_makes_every_tensor_where_it_was_told(name: str, sharded: bool) -> None:
    """What is made nowhere in particular has no data here, so nothing can be done with it."""
    answer: Any = load_answers(SLUG, name, torch=torch, dist=dist)
    weight = torch.linspace(-1.0, 1.0, 16).reshape(4, 4)

    def step() -> dict[str, Any]:
        rank = dist.get_rank()
        x = torch.linspace(0.0, 1.0, 8).reshape(2, 4) + rank
        mine = weight.flatten().chunk(2)[rank] if sharded else weight
        with torch.device("meta"):
            found: dict[str, Any] = answer.ranks_step([mine], x, x, 0.5, "cpu", sharded)
        return found

    leaf = weight.clone().requires_grad_()
    x = torch.cat([torch.linspace(0.0, 1.0, 8).reshape(2, 4) + rank for rank in range(2)])
    ((torch.tanh(x @ leaf) - x) ** 2).mean().backward()
    want = weight - 0.5 * leaf.grad
    for rank, found in enumerate(run_ranks(step, 2)):
        wanted = want.flatten().chunk(2)[rank] if sharded else want
        torch.testing.assert_close(found["weights"][0], wanted)


def device_tests_over_gloo(folder: Path, answer: str) -> dict[str, TestResult]:
    """Run the hidden tests that wait for two devices on two processors in their place."""
    shutil.copytree(SETTINGS.locate(SETTINGS.graders_dir) / SLUG, folder / "graders" / SLUG)
    for path in (folder / "graders" / SLUG).glob("test_*.py"):
        text = path.read_text()
        path.unlink()
        if path.name == "test_a4_t14.py":
            text = text.replace('DEVICE = "cuda"', 'DEVICE = "cpu"')
            path.write_text(text.replace("@pytest.mark.gpu(devices=2, memory_gib=2)\n", ""))
    (folder / ".autograder-secret").write_text("only for these tests")
    settings = load_settings(
        folder,
        assignments_dir=ROOT / "assignments",
        solutions_dir=ROOT / "solutions",
        graders_dir=folder / "graders",
    )
    solutions = load_solutions(assignment_of(SLUG), settings)
    known = {v.name: v for v in (solutions.reference, *solutions.right, *solutions.wrong)}
    notebook = apply_answers(build_stub(SLUG, settings), known[answer].answers)
    notebook.cells = [c for c in notebook.cells if c.cell_type == "code" and not is_explored(c)]
    with Engine(settings) as engine:
        result = grade_notebook(notebook, Submission("ada", SLUG, SLUG), settings, engine)
    (task,) = (task for task in result.tasks if task.task == "a4_t14")
    return {test.name: test for test in task.tests}


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        ("reference", None),
        ("asynchronous", None),
        ("cards_each_for_itself", "step-of-own-rows"),
        ("cards_sum_for_mean", "step-of-the-sum"),
        ("cards_loss_of_own_rows", "loss-of-own-rows"),
    ],
)
def test_what_waits_for_devices_tells_right_from_wrong(
    tmp_path: Path, answer: str, hint: str | None
) -> None:
    tests = device_tests_over_gloo(tmp_path, answer)
    step, peak = tests["test_one_step_on_devices"], tests["test_shards_lower_the_peak_on_devices"]
    assert (step.outcome.value, step.hint) == ("failed" if hint else "passed", hint), step.message
    # A processor counts no bytes: a right answer gets as far as the peak, and no further.
    assert peak.hint == (hint or "peak-not-sharded"), peak.message
