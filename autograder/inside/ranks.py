"""One rank of a group whose messages the trusted side carries.

Where the ranks have devices, they talk over torch's own backend instead: see :func:`meet`.

``torch.distributed`` takes backends written in Python (``Backend.register_backend``). This one
hands each operation to the grader, which matches it with those of the other ranks
(:mod:`autograder.kernels.exchange`). The student's code is the same as over gloo: it calls
``dist.send``, ``dist.all_reduce`` and so on.

Each operation takes two requests, so that ``isend``, ``irecv`` and ``async_op=True`` return at
once: *post* gives a number, *finish* waits with it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

NAME = "carried"
# As Any: the declared overloads are those for callers in C++; Python's functions use one form each.
_Work: Any = dist._Work  # type: ignore[attr-defined]
_ProcessGroup: Any = dist.ProcessGroup
_HashStore: Any = dist.HashStore  # type: ignore[attr-defined]
_FileStore: Any = dist.FileStore  # type: ignore[attr-defined]
Ask = Callable[[dict[str, Any]], Any]
Take = Callable[[Any], None]
Tensors = Sequence[torch.Tensor]
_REDUCTIONS = {
    str(getattr(dist.ReduceOp, name)): name.lower()
    for name in ("SUM", "AVG", "PRODUCT", "MIN", "MAX")
}


def join(ask: Ask, rank: int, size: int) -> None:
    """Make this process a rank of the default group."""

    def create(*_: Any) -> Any:
        return _CarriedGroup(ask, rank, size)

    dist.Backend.register_backend(NAME, create, devices=["cpu"])
    dist.init_process_group(NAME, rank=rank, world_size=size, store=_HashStore())


def meet(rank: int, size: int, device: str, place: str) -> torch.device:
    """Make this process a rank over NCCL, or over gloo on the CPU; return where its tensors lie.

    Parameters
    ----------
    place
        Name of a file, new for each group, in which the ranks find each other.
    """
    os.environ.update(GLOO_SOCKET_IFNAME="lo", NCCL_SOCKET_IFNAME="lo")
    store = _FileStore(str(Path(tempfile.gettempdir()) / place), size)
    if device == "cpu":
        dist.init_process_group("gloo", rank=rank, world_size=size, store=store)
        return torch.device(device)
    own = torch.device(device, rank)
    torch.cuda.set_device(own)
    dist.init_process_group("nccl", rank=rank, world_size=size, store=store, device_id=own)
    return own


class _Pending(_Work):  # type: ignore[misc]
    """An operation that was posted."""

    def __init__(self, ask: Ask, ticket: int, take: Take) -> None:
        super().__init__()
        self._ask = ask
        self._ticket = ticket
        self._take: Take | None = take

    def wait(self, timeout: Any = None) -> bool:
        """Wait until it has met its partners; put the result where it belongs."""
        if self._take is not None:
            take, self._take = self._take, None
            take(self._ask({"event": "exchange", "do": "finish", "ticket": self._ticket}))
        return True


class _CarriedGroup(_ProcessGroup):  # type: ignore[misc]
    """The operations of ``torch.distributed``, handed on one by one."""

    def __init__(self, ask: Ask, rank: int, size: int) -> None:
        super().__init__(rank, size)
        self._ask = ask
        self._size = size

    def getBackendName(self) -> str:  # noqa: N802 - torch's name
        """Return what ``dist.get_backend`` shows."""
        return NAME

    def _post(
        self,
        what: str,
        tensor: torch.Tensor | None,
        take: Take,
        *,
        peer: int | None = None,
        tag: int = 0,
        reduce: Any = dist.ReduceOp.SUM,
    ) -> Any:
        how = _REDUCTIONS.get(str(getattr(reduce, "op", reduce)))
        if how is None:
            raise NotImplementedError(f"{what} knows {', '.join(_REDUCTIONS)}; not {reduce}")
        offered = None if tensor is None else tensor.detach().contiguous()
        event = {"event": "exchange", "do": "post", "what": what, "tensor": offered}
        ticket = self._ask({**event, "peer": peer, "tag": tag, "reduce": how})
        return _Pending(self._ask, ticket, take)

    def _demand_one_each(self, what: str, tensors: Tensors) -> None:
        if len(tensors) != self._size:
            raise ValueError(
                f"{what} needs a list of one tensor for each of the {self._size} ranks, "
                f"and this one has {len(tensors)}"
            )

    def send(self, tensors: list[torch.Tensor], dst: int, tag: int) -> Any:
        """``dist.send`` and ``dist.isend``."""
        return self._post("send", tensors[0], _nothing, peer=dst, tag=tag)

    def recv(self, tensors: list[torch.Tensor], src: int, tag: int) -> Any:
        """``dist.recv`` and ``dist.irecv`` from a rank that is named."""
        return self._post("recv", tensors[0], _into(tensors[0]), peer=src, tag=tag)

    def recv_anysource(self, *_: Any) -> Any:
        """Refuse: what came first would be chance."""
        raise NotImplementedError("recv needs src: name the rank to receive from")

    def barrier(self, opts: Any = None) -> Any:
        """``dist.barrier``."""
        return self._post("barrier", None, _nothing)

    def broadcast(self, tensors: list[torch.Tensor], opts: Any) -> Any:
        """``dist.broadcast``."""
        return self._post("broadcast", tensors[0], _into(tensors[0]), peer=opts.rootRank)

    def allreduce(self, tensors: list[torch.Tensor], opts: Any = None) -> Any:
        """``dist.all_reduce``."""
        how = dist.ReduceOp.SUM if opts is None else opts.reduceOp
        return self._post("all_reduce", tensors[0], _into(tensors[0]), reduce=how)

    def reduce(self, tensors: list[torch.Tensor], opts: Any) -> Any:
        """``dist.reduce``."""
        take = _into(tensors[0])
        return self._post("reduce", tensors[0], take, peer=opts.rootRank, reduce=opts.reduceOp)

    def allgather(self, outputs: Sequence[Tensors], inputs: Tensors, _: Any = None) -> Any:
        """``dist.all_gather``."""
        self._demand_one_each("all_gather", outputs[0])
        return self._post("all_gather", inputs[0], _into_each(outputs[0]))

    def all_gather_single(self, output: torch.Tensor, tensor: torch.Tensor, _: Any = None) -> Any:
        """``dist.all_gather_into_tensor``."""
        pieces = output.detach().reshape(-1).chunk(self._size) if output.numel() else []
        return self._post("all_gather", tensor, _into_each(pieces))

    def reduce_scatter(self, outputs: Tensors, inputs: Sequence[Tensors], opts: Any) -> Any:
        """``dist.reduce_scatter``."""
        self._demand_one_each("reduce_scatter", inputs[0])
        whole = torch.cat([piece.detach().reshape(-1) for piece in inputs[0]])
        return self._post("reduce_scatter", whole, _into(outputs[0]), reduce=opts.reduceOp)

    def reduce_scatter_single(self, output: torch.Tensor, tensor: torch.Tensor, opts: Any) -> Any:
        """``dist.reduce_scatter_tensor``."""
        if output.numel() * self._size != tensor.numel():
            raise ValueError(
                f"reduce_scatter_tensor: an output of {output.numel()} numbers on each of "
                f"{self._size} ranks does not make an input of {tensor.numel()}"
            )
        return self._post("reduce_scatter", tensor, _into(output), reduce=opts.reduceOp)

    def gather(self, outputs: Sequence[Tensors], inputs: Tensors, opts: Any) -> Any:
        """``dist.gather``."""
        take = _into_each(outputs[0]) if outputs else _nothing
        if outputs:
            self._demand_one_each("gather", outputs[0])
        return self._post("gather", inputs[0], take, peer=opts.rootRank)

    def scatter(self, outputs: Tensors, inputs: Sequence[Tensors], opts: Any) -> Any:
        """``dist.scatter``."""
        if inputs:
            self._demand_one_each("scatter", inputs[0])
        whole = torch.cat([t.reshape(-1) for t in inputs[0]]) if inputs else outputs[0]
        return self._post("scatter", whole, _into(outputs[0]), peer=opts.rootRank)


def _nothing(_: Any) -> None:
    """Take a result that is none."""


def _into(target: torch.Tensor) -> Take:
    def take(value: Any) -> None:
        if value is not None:
            place = target.detach()
            place.copy_(value.reshape(place.shape))

    return take


def _into_each(targets: Sequence[torch.Tensor]) -> Take:
    def take(values: Any) -> None:
        for target, value in zip(targets, values or [], strict=False):
            _into(target)(value)

    return take
