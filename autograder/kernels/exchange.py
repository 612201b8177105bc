"""What ranks send each other, carried by the trusted side: it counts, and knows who waits.

Every operation of ``torch.distributed`` in a rank becomes two requests: *post* says what the rank
offers or wants, *finish* waits until it is there. Since all of them pass through here,

* messages and bytes are counted where no student's code runs, and
* a deadlock is seen at once and for certain: every rank waits, and nothing matches.

Point-to-point operations match in order for each (sender, receiver, tag); a send ends when its
receive was posted, as gloo's and MPI's synchronous mode have it. The k-th collective of one rank
meets the k-th of every other.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

from autograder.codec.libraries import is_exactly

if TYPE_CHECKING:  # a second of every grader's start, and few assignments have ranks
    import torch

_MOST_OPERATIONS = 5_000
_MOST_BYTES = 256 << 20  # of all operations together: this side keeps them
_REDUCE: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "sum": lambda one, other: one.add(other),
    "avg": lambda one, other: one.add(other),  # divided at the end
    "product": lambda one, other: one.mul(other),
    "min": lambda one, other: one.minimum(other),
    "max": lambda one, other: one.maximum(other),
}
_ROOTED = ("broadcast", "reduce", "gather", "scatter")
COLLECTIVES = ("barrier", "all_reduce", "all_gather", "reduce_scatter", *_ROOTED)


class Disagreement(Exception):
    """Ranks posted operations that cannot meet; the message names them."""


class BadRequest(Exception):
    """A request that the library would not have made."""


@dataclass(frozen=True)
class Message:
    """One operation that carries data away from a rank.

    Attributes
    ----------
    what
        "send" or the name of a collective.
    rank
        Who called it.
    peer
        The receiver of a send, the root of a rooted collective, else None.
    size_bytes, elements
        Of what the rank put in: nothing where only the root gives.
    """

    what: str
    rank: int
    peer: int | None
    size_bytes: int
    elements: int


@dataclass(eq=False)
class _Operation:
    """One posted operation; ``done`` once it has met its partners."""

    what: str
    rank: int
    peer: int | None
    tag: int
    reduce: str
    tensor: torch.Tensor | None
    done: bool = False
    result: Any = None

    def __str__(self) -> str:
        where = {"send": f"(dst={self.peer})", "recv": f"(src={self.peer})"}
        return f"{self.what}{where.get(self.what, '()')}"

    @property
    def size_bytes(self) -> int:
        return 0 if self.tensor is None else self.tensor.numel() * self.tensor.element_size()

    @property
    def shape(self) -> str:
        if self.tensor is None:
            return "nothing"
        kind = str(self.tensor.dtype).removeprefix("torch.")
        return f"{tuple(self.tensor.shape)} {kind}"


class Exchange:
    """Matches the operations of ``size`` ranks.

    Attributes
    ----------
    messages
        All that was sent, in the order in which it was posted.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept_bytes = 0
        self._operations: list[_Operation] = []
        self._sends: dict[tuple[int, int, int], deque[_Operation]] = defaultdict(deque)
        self._receives: dict[tuple[int, int, int], deque[_Operation]] = defaultdict(deque)
        self._rounds: list[list[_Operation]] = []
        self._next_round = [0] * size
        self._waiting: dict[int, int] = {}
        self.messages: list[Message] = []

    def post(self, rank: int, request: dict[Any, Any]) -> int:
        """Take what a rank offers or wants; return the number to wait with.

        Raises
        ------
        Disagreement
            If it meets an operation that does not fit.
        BadRequest
            If it is none of the known operations, or malformed.
        """
        operation = self._read(rank, request)
        if len(self._operations) >= _MOST_OPERATIONS:
            raise Disagreement(
                f"rank {rank} has started more than {_MOST_OPERATIONS:,} operations; "
                "is there a loop without an end?"
            )
        self._kept_bytes += operation.size_bytes
        if self._kept_bytes > _MOST_BYTES:
            raise Disagreement(f"they send more than {_MOST_BYTES >> 20} MiB in one test")
        self._operations.append(operation)
        if operation.what in ("send", "recv"):
            self._match(operation)
        else:
            self._join(operation)
        if operation.what != "recv":
            self._count(operation)
        return len(self._operations) - 1

    def wait(self, rank: int, ticket: object) -> None:
        """Note that a rank waits for one of its operations."""
        if type(ticket) is not int or not 0 <= ticket < len(self._operations):
            raise BadRequest("no such operation")
        if self._operations[ticket].rank != rank:
            raise BadRequest("another rank's operation")
        self._waiting[rank] = ticket

    def arrived(self) -> list[tuple[int, Any]]:
        """Return rank and result of each wait that is over, and forget these waits."""
        over = [(r, t) for r, t in self._waiting.items() if self._operations[t].done]
        for rank, _ in over:
            del self._waiting[rank]
        return [(rank, self._operations[ticket].result) for rank, ticket in sorted(over)]

    @property
    def waiting(self) -> frozenset[int]:
        """The ranks that wait."""
        return frozenset(self._waiting)

    def who_waits(self) -> str:
        """Say for each waiting rank in what it waits, and for whom."""
        lines = [
            self._wait_of(self._operations[ticket]) for _, ticket in sorted(self._waiting.items())
        ]
        return "; ".join(lines)

    def _wait_of(self, operation: _Operation) -> str:
        if operation.peer is not None and operation.what in ("send", "recv"):
            return f"rank {operation.rank} waits in {operation} for rank {operation.peer}"
        there = {o.rank for group in self._rounds if operation in group for o in group}
        missing = [str(rank) for rank in range(self._size) if rank not in there]
        word = "rank" if len(missing) == 1 else "ranks"
        return f"rank {operation.rank} waits in {operation} for {word} {', '.join(missing)}"

    def _read(self, rank: int, request: dict[Any, Any]) -> _Operation:
        """Check a request: it comes from the student's process."""
        what, peer, tag = request.get("what"), request.get("peer"), request.get("tag")
        tensor, how = request.get("tensor"), request.get("reduce")
        if what not in (*COLLECTIVES, "send", "recv") or type(tag) is not int:
            raise BadRequest("unknown operation")
        needs_peer = what in (*_ROOTED, "send", "recv")
        if needs_peer and not (type(peer) is int and 0 <= peer < self._size):
            raise BadRequest("no such rank")
        if what != "barrier" and not is_exactly(tensor, "torch", "Tensor"):
            raise BadRequest("no tensor")
        if how not in _REDUCE:
            raise BadRequest("unknown reduction")
        if what in ("send", "recv") and peer == rank:
            raise Disagreement(f"rank {rank} called {what} with itself as the partner")
        return _Operation(what, rank, peer if needs_peer else None, tag, how, tensor)

    def _count(self, operation: _Operation) -> None:
        tensor = operation.tensor
        idle = operation.what in ("broadcast", "scatter") and operation.rank != operation.peer
        elements = 0 if tensor is None or idle else tensor.numel()
        size = operation.size_bytes if elements else 0
        message = Message(operation.what, operation.rank, operation.peer, size, elements)
        self.messages.append(message)

    def _match(self, operation: _Operation) -> None:
        """Let a send meet its receive, or queue it."""
        sending = operation.what == "send"
        assert operation.peer is not None
        pair = (operation.rank, operation.peer) if sending else (operation.peer, operation.rank)
        key = (*pair, operation.tag)
        partners = (self._receives if sending else self._sends)[key]
        if not partners:
            (self._sends if sending else self._receives)[key].append(operation)
            return
        partner = partners.popleft()
        sent, wanted = (operation, partner) if sending else (partner, operation)
        self._demand_room(sent, wanted)
        wanted.result = sent.tensor
        sent.done = wanted.done = True

    def _demand_room(self, sent: _Operation, wanted: _Operation) -> None:
        assert sent.tensor is not None
        assert wanted.tensor is not None
        same_size = sent.tensor.numel() == wanted.tensor.numel()
        if not same_size or sent.tensor.dtype != wanted.tensor.dtype:
            raise Disagreement(
                f"rank {sent.rank} sent a tensor of {sent.shape} to rank {wanted.rank}, "
                f"which had made room for {wanted.shape}"
            )

    def _join(self, operation: _Operation) -> None:
        """Add a collective to its round; the last rank to come completes it."""
        number = self._next_round[operation.rank]
        self._next_round[operation.rank] += 1
        if number == len(self._rounds):
            self._rounds.append([])
        group = self._rounds[number]
        if group:
            self._demand_same(group[0], operation)
        group.append(operation)
        if len(group) == self._size:
            group.sort(key=lambda member: member.rank)
            try:
                results = _collect(group)
            except RuntimeError as impossible:  # such as the minimum of complex numbers
                raise Disagreement(
                    f"{operation} cannot be carried out on {operation.shape}"
                ) from impossible
            for member, result in zip(group, results, strict=True):
                member.result, member.done = result, True

    def _demand_same(self, first: _Operation, other: _Operation) -> None:
        same = (first.what, first.peer, first.reduce) == (other.what, other.peer, other.reduce)
        sizes_matter = first.what not in ("gather", "scatter")
        if same and sizes_matter and first.tensor is not None and other.tensor is not None:
            same = (first.tensor.shape, first.tensor.dtype) == (
                other.tensor.shape,
                other.tensor.dtype,
            )
        if not same:
            raise Disagreement(
                f"rank {first.rank} called {first} with {first.shape} while rank {other.rank} "
                f"called {other} with {other.shape}; all ranks must call the same collectives in "
                "the same order, with tensors of one shape and type"
            )


def _collect(group: list[_Operation]) -> list[Any]:
    """Return each rank's result of one collective; sums are made in the order of the ranks."""
    what, size, root = group[0].what, len(group), group[0].peer
    if what == "barrier":
        return [None] * size
    tensors = [member.tensor for member in group if member.tensor is not None]
    if what == "all_gather":
        return [tensors] * size
    if what == "broadcast":
        return [tensors[root or 0]] * size
    if what == "gather":
        return [tensors if rank == root else None for rank in range(size)]
    if what == "scatter":
        return _pieces(tensors[root or 0], size, what)
    total = reduce(_REDUCE[group[0].reduce], tensors)
    total = total / size if group[0].reduce == "avg" else total
    if what == "reduce":
        return [total if rank == root else None for rank in range(size)]
    if what == "reduce_scatter":
        return _pieces(total, size, what)
    return [total] * size


def _pieces(whole: torch.Tensor, size: int, what: str) -> list[torch.Tensor]:
    """Cut a tensor into one flat piece for each rank."""
    if whole.numel() % size:
        raise Disagreement(
            f"{what} of {whole.numel()} numbers over {size} ranks does not come out even; all "
            "pieces must be of one size"
        )
    return list(whole.reshape(-1).tensor_split(size))
