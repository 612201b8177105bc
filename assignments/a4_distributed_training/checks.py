"""Visible checks of "Many ranks, one model": run them with ``check("a4_t2")`` and so on.

They show what is meant, on the examples of the notebook that can be done by hand, in two or three
real processes. Marks come from hidden tests with other numbers and other numbers of ranks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist

from course import run_ranks
from course.checking import Answer, visible

_PATIENCE_S = 10.0


def on_ranks(function: Callable[[], Any], world: int) -> list[Any]:
    """Run a check's part on every rank."""
    return run_ranks(function, world, timeout_s=_PATIENCE_S)


def must_be_close(got: Any, want: Any, what: str) -> None:
    """Demand that ``got`` is ``want`` to about five digits, shape included."""
    assert got is not None, f"{what}: expected {want}, but there is nothing (None)"
    found = torch.as_tensor(got, dtype=torch.float64).detach()
    wanted = torch.as_tensor(want, dtype=torch.float64)
    assert found.shape == wanted.shape, (
        f"{what}: expected the shape {tuple(wanted.shape)}, and yours is {tuple(found.shape)}"
    )
    assert torch.allclose(found, wanted, rtol=1e-5, atol=1e-7), (
        f"{what}: expected {wanted.tolist()}, got {found.tolist()}"
    )


@visible("a4_t1")
def memory_follows_the_example_by_hand(answer: Answer) -> None:
    """Ten parameters on four ranks with a sharded optimizer: 40, 40 and 24 bytes."""
    got = answer.memory_per_rank(10, 4, "sharded optimizer")
    want = {"weights": 40, "gradients": 40, "optimizer": 24}
    assert got == want, f"expected {want}, got {got}"


@visible("a4_t1")
def unknown_strategy_is_a_value_error(answer: Answer) -> None:
    """A strategy that does not exist is a ValueError."""
    try:
        got = answer.memory_per_rank(10, 4, "wishful thinking")
    except ValueError:
        return
    raise AssertionError(f"a ValueError was expected, and this came: {got!r}")


@visible("a4_t1")
def activations_leave_the_output_out(answer: Answer) -> None:
    """Layers of 3, 5 and 2 with a batch of 10 keep 10 * (3 + 5) numbers: 320 bytes."""
    got = answer.activation_bytes(10, [3, 5, 2])
    assert got == 320, f"expected 320, got {got!r}"


@visible("a4_t2")
def three_ranks_follow_the_table(answer: Answer) -> None:
    """The ranks with 1, 2, 3 and 10, 20, 30 and 100, 200, 300 end with 111, 222, 333."""

    def part() -> Any:
        x = torch.tensor([1.0, 2.0, 3.0]) * 10 ** dist.get_rank()
        answer.ring_all_reduce(x)
        return x

    for rank, got in enumerate(on_ranks(part, 3)):
        must_be_close(got, [111.0, 222.0, 333.0], f"x on rank {rank}")


@visible("a4_t2")
def two_ranks_sum_five_numbers(answer: Answer) -> None:
    """Five numbers do not come out even on two ranks, and are summed as well."""

    def part() -> Any:
        x = torch.arange(5.0) + dist.get_rank()
        answer.ring_all_reduce(x)
        return x

    for rank, got in enumerate(on_ranks(part, 2)):
        must_be_close(got, [1.0, 3.0, 5.0, 7.0, 9.0], f"x on rank {rank}")


@visible("a4_t3")
def five_samples_are_dealt_to_two_ranks(answer: Answer) -> None:
    """Of five samples each of two ranks gets three, and one sample comes twice."""
    got = [answer.rank_indices(5, rank, 2, 0, 0) for rank in (0, 1)]
    assert [len(share) for share in got] == [3, 3], f"3 samples each are expected; got {got}"
    assert set(got[0]) | set(got[1]) == set(range(5)), f"some sample is missing: {got}"
    assert got[0][0] == got[1][2], f"the sample that comes twice is the order's first: {got}"


@visible("a4_t3")
def next_epoch_has_another_order(answer: Answer) -> None:
    """In the next epoch the order is another one; asked again, it is the same."""
    first, again, later = (answer.rank_indices(40, 0, 2, epoch, 0) for epoch in (0, 0, 1))
    assert first == again, "the same epoch came out in two orders"
    assert first != later, "two epochs had the same order"


@visible("a4_t4")
def ranks_start_from_rank_0(answer: Answer) -> None:
    """Two ranks with the weights 5 and 6 both have 5 afterwards."""

    def part() -> Any:
        w = torch.tensor([5.0 + dist.get_rank()], requires_grad=True)
        answer.same_start([w])
        return w.detach()

    for rank, got in enumerate(on_ranks(part, 2)):
        must_be_close(got, [5.0], f"the weight on rank {rank}")


@visible("a4_t4")
def mean_follows_the_example_by_hand(answer: Answer) -> None:
    """Slope 6 from 1 sample and slope 2 from 3 samples have the mean 3."""

    def part() -> Any:
        w = torch.zeros(1, requires_grad=True)
        w.grad = torch.tensor([6.0 - 4.0 * dist.get_rank()])
        answer.average_gradients([w], 1 + 2 * dist.get_rank())
        return w.grad

    for rank, got in enumerate(on_ranks(part, 2)):
        must_be_close(got, [3.0], f"the gradient on rank {rank}")


@visible("a4_t5")
def accumulation_follows_the_example_by_hand(answer: Answer) -> None:
    """The slopes 1, 3 on rank 0 and 5, 7 on rank 1 have the mean 4."""

    def part() -> Any:
        w = torch.zeros(1, requires_grad=True)
        slopes = [1.0, 3.0] if dist.get_rank() == 0 else [5.0, 7.0]
        answer.accumulated_gradients([w], lambda p, slope: (slope * p[0]).sum(), slopes)
        return w.grad

    for rank, got in enumerate(on_ranks(part, 2)):
        must_be_close(got, [4.0], f"the gradient on rank {rank}")


@visible("a4_t6")
def first_step_of_adam_is_about_lr(answer: Answer) -> None:
    """Five weights on two ranks: the first step goes by lr against the mean slope's sign."""

    def part() -> Any:
        weights = [torch.ones(2, requires_grad=True), torch.ones(3, requires_grad=True)]
        adam = answer.ShardedAdam(weights, lr=0.1)
        sizes = adam.m.numel(), adam.v.numel(), adam.t
        for weight in weights:
            weight.grad = torch.full_like(weight, 4.0 - 2.0 * dist.get_rank())
        weights[0].grad[0] = -8.0
        adam.step()
        return torch.cat([weight.detach() for weight in weights]), sizes

    for rank, (got, sizes) in enumerate(on_ranks(part, 2)):
        assert sizes == (3, 3, 0), f"m, v have 3 numbers and t is 0 at first; yours: {sizes}"
        must_be_close(got, [1.1, 0.9, 0.9, 0.9, 0.9], f"the weights on rank {rank}")


@visible("a4_t7")
def shards_are_cut_as_by_hand(answer: Answer) -> None:
    """The weight (1, 2, 3) on two ranks: the shards are (1, 2) and (3, 0)."""
    weight = torch.tensor([[1.0, 2.0, 3.0]])
    for rank, want in enumerate(([1.0, 2.0], [3.0, 0.0])):
        must_be_close(answer.shard_of(weight, rank, 2), want, f"the shard of rank {rank}")


@visible("a4_t7")
def two_shards_make_one_layer(answer: Answer) -> None:
    """Two ranks with the shards (1, 0) and (0, 1) compute tanh(x), there and back."""

    def part() -> Any:
        rank = dist.get_rank()
        layer = answer.ShardedLayer(torch.tensor([[1.0, 0.0], [0.0, 1.0]])[rank], (2, 2))
        x = torch.tensor([[0.5, 1.0]]) * (1 + rank)
        y = layer.forward(x)
        back = layer.backward(torch.ones(1, 2))
        return y, back, layer.gradient

    xs = [torch.tensor([[0.5, 1.0]]), torch.tensor([[1.0, 2.0]])]
    mean = sum(x.T @ (1 - torch.tanh(x) ** 2) for x in xs) / 2
    for rank, (y, back, gradient) in enumerate(on_ranks(part, 2)):
        x = xs[rank]
        must_be_close(y, torch.tanh(x), f"the output of rank {rank}")
        must_be_close(back, 1 - torch.tanh(x) ** 2, f"what backward returns on rank {rank}")
        must_be_close(gradient, mean[rank], f"the gradient's shard of rank {rank}")


@visible("a4_t8")
def pieces_fit_together(answer: Answer) -> None:
    """Three hidden units on two ranks: the first rank gets two of them."""
    w1, w2 = torch.arange(6.0).reshape(2, 3), torch.arange(3.0).reshape(3, 1)
    got = answer.shard_mlp(w1, torch.arange(3.0), w2, torch.ones(1), 1, 2)
    for name, found, want in zip(
        ("W1", "b1", "W2", "b2"), got, ([[2.0], [5.0]], [2.0], [[2.0]], [1.0]), strict=True
    ):
        must_be_close(found, want, f"{name} of rank 1")


@visible("a4_t8")
def bias_is_added_once(answer: Answer) -> None:
    """Two ranks with one unit each, all weights 1: relu(2) + relu(2) + 10 = 14."""

    def part() -> Any:
        one = torch.ones(1, 1)
        return answer.tensor_parallel_mlp(one, one, torch.ones(1), one, torch.tensor([10.0]))

    for rank, got in enumerate(on_ranks(part, 2)):
        must_be_close(got, [[14.0]], f"the output of rank {rank}")


@visible("a4_t9")
def bubble_of_the_table_is_a_third(answer: Answer) -> None:
    """Two stages and two micro-batches have a bubble of 1/3."""
    must_be_close(answer.bubble(2, 2), 1.0 / 3.0, "bubble")


@visible("a4_t9")
def schedule_takes_six_ticks(answer: Answer) -> None:
    """Their schedule has two rows of six ticks, with F0, F1, B0 and B1 in each."""
    rows = answer.pipeline_schedule(2, 2)
    assert [len(row) for row in rows] == [6, 6], f"two rows of six are expected; got {rows}"
    for row in rows:
        done = sorted(job for job in row if job)
        assert done == ["B0", "B1", "F0", "F1"], f"F0, F1, B0, B1 are expected; got {done}"


@visible("a4_t9")
def two_stages_compute_one_after_the_other(answer: Answer) -> None:
    """With the weights 1 and 2, an input x comes out as tanh(2 tanh(x))."""

    def part() -> Any:
        first = dist.get_rank() == 0
        inputs = [torch.full((1, 1), value if first else 0.0) for value in (0.5, -1.0, 2.0)]
        return answer.pipeline_forward(torch.full((1, 1), 1.0 if first else 2.0), inputs)

    first, last = on_ranks(part, 2)
    assert first == [], f"rank 0 returns [], and this is {first!r}"
    want = [torch.tanh(2 * torch.tanh(torch.full((1, 1), x))) for x in (0.5, -1.0, 2.0)]
    must_be_close(torch.stack(last), torch.stack(want), "the outputs")


@visible("a4_t10")
def function_is_called_once_each_way(answer: Answer) -> None:
    """A function is called once on the way there, and once more on the way back."""
    calls: list[str] = []
    weight = torch.full((1, 1), 3.0, requires_grad=True)

    def triple(x: torch.Tensor) -> torch.Tensor:
        calls.append("called")
        return torch.tanh(x @ weight)

    y = answer.checkpoint(triple, torch.ones(1, 1))
    assert len(calls) == 1, f"one call is expected on the way there, and there were {len(calls)}"
    must_be_close(y, torch.tanh(torch.full((1, 1), 3.0)), "the value")
    y.sum().backward()
    assert len(calls) == 2, f"two calls are expected in the end, and there were {len(calls)}"
    must_be_close(weight.grad, 1 - y**2, "the weight's slope")


@visible("a4_t10")
def segments_go_back_from_last_to_first(answer: Answer) -> None:
    """Three blocks in segments of two: 0, 1, 2 there; 2 and then 0, 1 on the way back."""
    order: list[int] = []

    def block(number: int) -> Callable[[torch.Tensor], torch.Tensor]:
        def square(x: torch.Tensor) -> torch.Tensor:
            order.append(number)
            return x * x

        return square

    x = torch.full((1,), 2.0, requires_grad=True)
    y = answer.checkpointed([block(number) for number in range(3)], x, 2)
    must_be_close(y, [256.0], "the value")
    y.sum().backward()
    must_be_close(x.grad, [1024.0], "the slope")
    assert order == [0, 1, 2, 2, 0, 1], f"the blocks computed in the order {order}"


@visible("a4_t10")
def sixteen_blocks_in_fours_keep_eight(answer: Answer) -> None:
    """16 blocks in segments of 4 keep 4 + 4 outputs."""
    got = answer.peak_activations(16, 4)
    assert got == 8, f"expected 8, got {got!r}"


@visible("a4_t11")
def products_are_rounded_and_weights_are_not(answer: Answer) -> None:
    """257 becomes 256 in a product; a weight of 1 moves by a tenth of a thousandth."""
    x = torch.tensor([[257.0, 256.0]])
    weights = [torch.tensor([[0.5], [-0.5]])]
    got = answer.mixed_step(weights, x, torch.zeros(1, 1), 0.1, "cpu", 0)
    must_be_close(got["loss"], 0.0, "the loss, since 256 / 2 - 256 / 2 is 0")
    weights = [torch.ones(1, 1)]
    got = answer.mixed_step(weights, torch.zeros(1, 1), torch.ones(1, 1), 0.1, "cpu", 0)
    must_be_close(got["loss"], 1.0, "the loss of an output 0 where 1 is wanted")
    must_be_close(got["weights"][0], [[1.0]], "a weight without a slope")
    assert got["peak_bytes"] == 0, f"on the CPU peak_bytes is 0, and not {got['peak_bytes']!r}"


ONE_LAYER = {"parameters": 100, "layers": 1, "width": 3, "rows": 3}
SLOW_LINES = {"ranks": 3, "memory": 1e9, "speed": 1e6, "bandwidth": 1.0, "latency": 0.0}


@visible("a4_t12")
def slow_lines_leave_one_way(answer: Answer) -> None:
    """One layer, three ranks, wide rows of data: on slow lines the fewest bytes win."""
    got = answer.choose_plan(ONE_LAYER, SLOW_LINES)
    assert isinstance(got, dict), f"a plan is expected, and this is {got!r}"
    block = [got.get(key) for key in ("data", "tensor", "pipeline")]
    assert block == [1, 3, 1], f"data, tensor, pipeline should be 1, 3, 1; they are {block}"
    assert got.get("checkpointing") is False, "checkpointing costs time, and memory is plenty"


@visible("a4_t12")
def nothing_fits_into_nothing(answer: Answer) -> None:
    """Where a rank has ten bytes of memory no plan fits: None."""
    got = answer.choose_plan(ONE_LAYER, {**SLOW_LINES, "memory": 10.0})
    assert got is None, f"None is expected, and this is {got!r}"


@visible("a4_t14")
def two_ranks_take_one_step(answer: Answer) -> None:
    """The step by hand: the loss is 2.5, and the new rows are (0.5, 0.5) and (1, 1)."""

    def part() -> Any:
        rank = dist.get_rank()
        x, wanted = torch.eye(2)[rank : rank + 1], torch.full((1, 2), 1.0 + rank)
        steps = []
        for sharded in (False, True):
            weight = torch.zeros(2) if sharded else torch.zeros(2, 2)
            steps.append(answer.ranks_step([weight], x, wanted, 1.0, "cpu", sharded))
        return steps

    rows = [[0.5, 0.5], [1.0, 1.0]]
    for rank, (whole, sharded) in enumerate(on_ranks(part, 2)):
        for step, want in ((whole, rows), (sharded, rows[rank])):
            kind = "the shard" if step is sharded else "the matrix"
            assert isinstance(step, dict), f"a dict is expected, and this is {step!r}"
            must_be_close(step["loss"], 2.5, f"the loss on rank {rank}")
            must_be_close(step["weights"][0], want, f"{kind} of rank {rank}")
            assert step["peak_bytes"] == 0, (
                f"on the CPU peak_bytes is 0, not {step['peak_bytes']!r}"
            )
