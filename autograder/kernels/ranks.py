"""Several copies of the student's process that work as the ranks of one group.

All ranks run at once; this side follows their channels, carries their messages through an
:class:`~autograder.kernels.exchange.Exchange`, and ends every rank as soon as one fails or
all of them wait for each other.
"""

from __future__ import annotations

import secrets
import select
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from autograder.channel import ChannelError, ChannelTimeout
from autograder.codec import EncodeError, encode
from autograder.kernels.deadline import DeadlinePassed
from autograder.kernels.exchange import BadRequest, Disagreement, Exchange, Message
from autograder.kernels.faults import StudentFault, StudentRaised, StudentTimeout
from autograder.kernels.remote import Handle, RemoteCopy

_LOOK_MS = 250


class RankFault(StudentFault):
    """A rank gave no value; the message names it, the cause, and who waited meanwhile.

    Attributes
    ----------
    rank
        The rank that failed.
    cause
        What it would have raised alone.
    """

    def __init__(self, rank: int, cause: StudentFault, waiting: str) -> None:
        self.rank = rank
        self.cause = cause
        self.certain = cause.certain
        self._waiting = f" Meanwhile {waiting}." if waiting else ""
        Exception.__init__(self, f"Rank {rank}: {cause}{self._waiting}")

    @property
    def without_arguments(self) -> str:
        """The same without any text of the submission's."""
        return f"Rank {self.rank}: {self.cause.without_arguments}{self._waiting}"


class RankRaised(RankFault, StudentRaised):
    """A rank raised an exception; ``expect.raises`` takes it like any other."""

    def __init__(self, rank: int, cause: StudentRaised, waiting: str) -> None:
        self.type_name, self.message = cause.type_name, cause.message
        self.lineno, self.line, self.not_allowed = cause.lineno, cause.line, cause.not_allowed
        RankFault.__init__(self, rank, cause, waiting)


class RanksDisagree(StudentFault):
    """Two ranks met in operations that do not fit, or called for too many."""


class Deadlock(StudentFault):
    """Every rank that has not returned waits, and nothing that was sent ends a wait."""


class PerRank(list[Any]):
    """One argument for each rank: rank r gets entry r. Any other argument goes to all."""


class RankHandles(PerRank):
    """One object in each rank, such as its part of a model."""

    def __init__(self, group: RankGroup, handles: Iterable[Handle]) -> None:
        super().__init__(handles)
        self._group = group

    def call(self, method: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method of each rank's object, in all ranks at once."""
        return self._group.call_method(self, method, *args, **kwargs)

    def get(self, attribute: str) -> list[Any]:
        """Return an attribute of each rank's object; it is a claim of the student's process."""
        return [handle.get(attribute) for handle in self]

    def fetch(self) -> list[Any]:
        """Return each rank's object as plain data; a claim as well."""
        return [handle.fetch() for handle in self]


class RankGroup:
    """The ranks 0 to n-1, driven together.

    Parameters
    ----------
    copies
        One fresh copy of the student's process for each rank.
    device
        "cuda" gives each rank a device of its own, on which all tensors lie that it gets, and
        NCCL; "cpu" gives it gloo over loopback. Such messages are not carried by this side, so
        they are not counted, and a deadlock ends at the deadline. None: they are carried.

    Raises
    ------
    StudentFault
        Here and in every method, if the student's code gives no value: :class:`RankFault`,
        :class:`RanksDisagree` or :class:`Deadlock`.
    """

    def __init__(self, copies: Sequence[RemoteCopy], device: str | None = None) -> None:
        self._copies = list(copies)
        self._exchange = Exchange(len(copies))
        size = len(self._copies)
        if device is None:
            self._run(lambda rank: ("join", {"rank": rank, "size": size}))
        else:
            parts = {"size": size, "device": device, "place": new_meeting_place()}
            self._run(lambda rank: ("meet", {"rank": rank, **parts}))

    def __len__(self) -> int:
        """Return how many ranks there are."""
        return len(self._copies)

    @property
    def calls(self) -> int:
        """How many requests the ranks have had."""
        return sum(copy.calls for copy in self._copies)

    @property
    def messages(self) -> list[Message]:
        """All that was sent since the start, or since :meth:`forget_messages`."""
        return list(self._exchange.messages)

    def forget_messages(self) -> None:
        """Count anew from here on."""
        self._exchange.messages.clear()

    def count(self, what: str, rank: int | None = None) -> int:
        """Return how often ``what`` ("send", "all_reduce", ...) was called, in one rank or all."""
        return sum(m.what == what and rank in (None, m.rank) for m in self._exchange.messages)

    def elements(self, rank: int) -> int:
        """Return how many numbers a rank put into all its operations."""
        return sum(m.elements for m in self._exchange.messages if m.rank == rank)

    def kinds(self) -> set[str]:
        """Return the names of all operations that carried data."""
        return {m.what for m in self._exchange.messages}

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> list[Any]:
        """Call a function of the notebook in all ranks at once; return their values."""
        return self._call(lambda _: name, args, kwargs, hold=False)

    def new(self, name: str, /, *args: Any, **kwargs: Any) -> RankHandles:
        """Call a class or function in all ranks; the results stay there."""
        return self._held(self._call(lambda _: name, args, kwargs, hold=True))

    def put(self, value: Any) -> RankHandles:
        """Leave a value in every rank, or one in each with :class:`PerRank`."""
        return self._held(self._run(lambda rank: ("put", {"value": _part(value, rank)})))

    def get(self, name: str) -> RankHandles:
        """Return handles to a global of the notebook, such as a function to pass on."""
        return self._held(self._run(lambda _: ("get", {"target": name})))

    def call_method(
        self, handles: Sequence[Handle], method: str, /, *args: Any, **kwargs: Any
    ) -> list[Any]:
        """Call a method of the object that each rank holds."""
        return self._call(lambda rank: (handles[rank]._reference, method), args, kwargs, hold=False)

    def close(self) -> None:
        """End all ranks."""
        for copy in self._copies:
            copy.kill()
            copy.close()

    def _held(self, values: Iterable[Any]) -> RankHandles:
        found = list(values)
        for copy, value in zip(self._copies, found, strict=True):
            if not isinstance(value, Handle):
                raise copy.garbled()
        return RankHandles(self, found)

    def _call(
        self, target: Callable[[int], Any], args: Any, kwargs: Any, *, hold: bool
    ) -> list[Any]:
        def request(rank: int) -> tuple[str, dict[str, Any]]:
            parts = {"args": _part(args, rank), "kwargs": _part(kwargs, rank)}
            return "call", {"target": target(rank), "hold": hold, **parts}

        return self._run(request)

    def _run(self, request: Callable[[int], tuple[str, dict[str, Any]]]) -> list[Any]:
        """Send each rank its request; carry messages until all have answered."""
        asked: dict[int, Any] = {}
        values: dict[int, Any] = {}
        deadline = self._copies[0].make_deadline()
        try:
            for rank, copy in enumerate(self._copies):
                operation, parts = request(rank)
                asked[rank] = parts.get("target")
                self._send(rank, copy.encode_request(operation, **parts))
            while len(values) < len(self._copies):
                for rank in self._ready(values):
                    self._hear(rank, asked[rank], values)
                self._let_go()
                if len(values) < len(self._copies):
                    self._look_for_deadlock(values)
                    deadline.check()
        except DeadlinePassed as passed:
            raise self._fault(self._busy(values)[0], _timeout(passed)) from passed
        except BaseException:
            self.close()
            raise
        return [values[rank] for rank in range(len(self._copies))]

    def _busy(self, values: dict[int, Any]) -> list[int]:
        """Return the ranks that compute, as far as one sees from here."""
        waiting = self._exchange.waiting
        return [r for r in range(len(self._copies)) if r not in values and r not in waiting]

    def _ready(self, values: dict[int, Any]) -> Iterator[int]:
        poll = select.poll()
        ranks = {self._copies[rank].channel.fileno(): rank for rank in self._busy(values)}
        for descriptor in ranks:
            poll.register(descriptor, select.POLLIN)
        return iter(sorted(ranks[descriptor] for descriptor, _ in poll.poll(_LOOK_MS)))

    def _hear(self, rank: int, asked: object, values: dict[int, Any]) -> None:
        """Take one frame of a rank, if it has arrived whole."""
        copy = self._copies[rank]
        try:
            answer = copy.read_answer(copy.channel.receive(0))
            if answer.get("event") == "callback":
                self._send(rank, copy.run_callback(answer))
            elif answer.get("event") == "exchange":
                self._exchange_for(rank, answer)
            else:
                values[rank] = copy.read_value(answer, asked)
        except ChannelTimeout:
            return
        except ChannelError as lost:
            raise self._fault(rank, copy.lost()) from lost
        except BadRequest:
            raise self._fault(rank, copy.garbled()) from None
        except Disagreement as disagreement:
            raise RanksDisagree(f"The ranks do not agree: {disagreement}.") from disagreement
        except StudentFault as fault:
            raise self._fault(rank, fault) from fault

    def _exchange_for(self, rank: int, event: dict[Any, Any]) -> None:
        if event.get("do") == "post":
            self._answer(rank, self._exchange.post(rank, event))
        elif event.get("do") == "finish":
            self._exchange.wait(rank, event.get("ticket"))
        else:
            raise BadRequest("neither post nor finish")

    def _let_go(self) -> None:
        """Answer all waits that are over."""
        for rank, result in self._exchange.arrived():
            self._answer(rank, result)

    def _answer(self, rank: int, value: Any) -> None:
        try:
            payload = encode({"status": "value", "value": value})
        except EncodeError as error:
            raise RanksDisagree(f"What rank {rank} would get is too large: {error}.") from error
        self._send(rank, payload)

    def _send(self, rank: int, payload: bytes) -> None:
        try:
            self._copies[rank].channel.send(payload)
        except ChannelError as lost:
            raise self._fault(rank, self._copies[rank].lost()) from lost

    def _look_for_deadlock(self, values: dict[int, Any]) -> None:
        if self._busy(values):
            return
        gone = [str(rank) for rank in sorted(values)]
        text = f"The ranks wait for each other without end: {self._exchange.who_waits()}"
        if gone:
            verb = "has" if len(gone) == 1 else "have"
            text += f"; rank {', '.join(gone)} {verb} already returned"
        raise Deadlock(f"{text}.")

    def _fault(self, rank: int, cause: StudentFault) -> RankFault:
        waiting = self._exchange.who_waits()
        self.close()
        if isinstance(cause, StudentRaised):
            return RankRaised(rank, cause, waiting)
        return RankFault(rank, cause, waiting)


def new_meeting_place() -> str:
    """Return the name of a file in which ranks that are not carried find each other."""
    return f"ranks-{secrets.token_hex(8)}"


def _part(value: Any, rank: int) -> Any:
    """Return what one rank gets of an argument: PerRank is looked for at every level."""
    if isinstance(value, PerRank):
        return value[rank]
    if type(value) in (list, tuple):
        return type(value)(_part(item, rank) for item in value)
    if type(value) is dict:
        return {key: _part(item, rank) for key, item in value.items()}
    return value


def _timeout(passed: DeadlinePassed) -> StudentFault:
    return StudentTimeout(f"The call did not return: {passed}.")
