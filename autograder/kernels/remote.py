"""Calls into one copy of the student's process."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autograder.channel import Channel, ChannelError
from autograder.codec import Callback, DecodeError, Fault, Opaque, decode, encode
from autograder.inside.shared import REFUSED
from autograder.kernels.deadline import Deadline, DeadlinePassed
from autograder.kernels.faults import (
    CalledWrongly,
    MissingName,
    NotOnThisMachine,
    StudentDied,
    StudentRaised,
    StudentTimeout,
    Unsendable,
)
from autograder.kernels.serving import Listener, Server
from autograder.sandbox import WarmParent

_MOST_NAMES = 200
_OF_ARGUMENTS = (
    *(TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RuntimeError),
)
"""What wrong arguments bring about in a callable that is right itself; torch raises the last."""


class Handle:
    """An object that stays in the student's process.

    It can be passed back as an argument. Comparing or hashing it raises: what
    the object claims to equal is never evidence.
    """

    def __init__(self, copy: RemoteCopy, reference: Opaque) -> None:
        self._copy = copy
        self._reference = reference

    @property
    def type_name(self) -> str:
        """The name of the object's class, as the student's process reports it."""
        return str(self._reference.type_name)

    def call(self, method: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method; return its value."""
        return self._copy.request_call((self._reference, method), args, kwargs, hold=False)

    def new(self, method: str, /, *args: Any, **kwargs: Any) -> Handle:
        """Call a method; keep what it returns in the student's process."""
        return self._copy.request_held(
            "call", target=(self._reference, method), args=args, kwargs=kwargs, hold=True
        )

    def get(self, attribute: str) -> Any:
        """Return the value of an attribute."""
        return self._copy.request("get", target=(self._reference, attribute))

    def set(self, attribute: str, value: Any) -> None:
        """Set an attribute."""
        self._copy.request("set", handle=self._reference, name=attribute, value=value)

    def fetch(self) -> Any:
        """Return the object itself, if it is plain data."""
        return self._copy.request("get", target=self._reference)

    def __eq__(self, other: object) -> bool:
        """Refuse: a student's object may claim to equal anything."""
        raise TypeError("A handle cannot be compared. Fetch its value, or an attribute.")

    def __hash__(self) -> int:
        """Refuse, as comparing does."""
        raise TypeError("A handle cannot be hashed.")

    def __repr__(self) -> str:
        """Name the class, which is all that is known."""
        return f"<an object of class {self.type_name}>"


class RemoteCopy:
    """One forked copy of the student's process, and the calls into it.

    Parameters
    ----------
    channel
        Its channel.
    make_deadline
        Starts the budget of one call.
    make_answer_deadline
        Starts the budget of one answer of a server.
    kill
        Ends the copy.
    check_ours
        Raises SandboxLost if the sandbox itself is gone: then nothing here is the
        student's fault.
    parent
        Below which all processes of the submission run.
    """

    def __init__(
        self,
        channel: Channel,
        make_deadline: Callable[[], Deadline],
        make_answer_deadline: Callable[[], Deadline],
        kill: Callable[[], None],
        check_ours: Callable[[], None],
        parent: WarmParent,
    ) -> None:
        self.channel = channel
        self.parent = parent
        self.make_deadline = make_deadline
        self._make_answer_deadline = make_answer_deadline
        self.kill = kill
        self._check_ours = check_ours
        self._callbacks: list[Callable[..., Any]] = []
        self._refused: Exception | None = None
        self._listeners: list[Listener] = []
        self.calls = 0

    def request_call(self, target: Any, args: Any, kwargs: Any, *, hold: bool) -> Any:
        """Call a global or a method of a held object."""
        return self.request("call", target=target, args=args, kwargs=kwargs, hold=hold)

    def request_held(self, operation: str, **parts: Any) -> Handle:
        """Send a request whose value stays in the student's process."""
        held = self.request(operation, **parts)
        if not isinstance(held, Handle):
            raise self.garbled()
        return held

    def request(self, operation: str, *, passing: int | None = None, **parts: Any) -> Any:
        """Send one request and wait for its value, running callbacks meanwhile.

        Parameters
        ----------
        passing
            An open descriptor that goes along.

        Raises
        ------
        StudentFault
            If the student's code gives no value.
        """
        self._refused = None
        payload = self.encode_request(operation, **parts)
        deadline = self.make_deadline()
        try:
            answer = self._converse(payload, deadline, passing)
            return self.read_value(answer, parts.get("target"))
        except DeadlinePassed as passed:
            self.kill()
            raise StudentTimeout(f"The call did not return: {passed}.") from passed
        except ChannelError as lost:
            raise self.lost() from lost

    def encode_request(self, operation: str, **parts: Any) -> bytes:
        """Return one request, ready to be sent on ``channel``."""
        self.calls += 1
        return encode({"op": operation, **parts}, opaque=self._refer)

    def _converse(
        self, payload: bytes, deadline: Deadline, passing: int | None = None
    ) -> dict[Any, Any]:
        """Send a request, run the callbacks it leads to, and return the final answer."""
        while True:
            self.channel.send(payload)
            if passing is not None:
                self.channel.send_descriptor(passing)
                passing = None
            answer = self.read_answer(deadline.receive(self.channel))
            if answer.get("event") != "callback":
                return answer
            deadline.check()
            payload = self.run_callback(answer)

    def serve(self, target: str, args: Any, kwargs: Any, settings: Any) -> Server:
        """Start a server on a new socket, and wait until it is ready.

        Parameters
        ----------
        settings
            gunicorn's settings for the application that the function makes; None if the
            function itself serves.

        Raises
        ------
        StudentFault
            If there is no such function, or the server ends instead of getting ready.
        NotOnThisMachine
            If the sandbox has no namespaces. It then refuses sockets and semaphores, which a
            right answer may be made of.
        """
        if not self.parent.confinement.namespaces:
            raise NotOnThisMachine(
                "This test runs your server, and the sandbox of this machine gives submissions no "
                "network and semaphores of their own"
            )
        listener = Listener()
        try:
            with listener.socket as passed:
                parts = {"target": target, "args": args, "kwargs": kwargs, "settings": settings}
                pid = self.request("serve", passing=passed.fileno(), **parts)
            server = Server(self, pid, listener.path, self._make_answer_deadline, self.parent.pid)
            server.wait_ready(settings)
        except BaseException:
            listener.remove()
            raise
        self._listeners.append(listener)
        return server

    def close(self) -> None:
        """Let the copy go, and with it its servers."""
        for listener in self._listeners:
            listener.remove()
        self._listeners.clear()
        self.channel.close()

    def read_value(self, answer: dict[Any, Any], asked: object) -> Any:
        """Return the value of a final answer, or raise the fault that it reports."""
        status = answer.get("status")
        if status == "value":
            return self._wrap(answer.get("value"))
        if status == "raised" and isinstance(answer.get("fault"), Fault):
            if self._refused is not None and answer["fault"].message == REFUSED:
                raise CalledWrongly(answer["fault"], self._refused) from self._refused
            raise StudentRaised(answer["fault"])
        if status == "missing" and isinstance(asked, str):
            defined = answer.get("defined")
            names = defined if isinstance(defined, list) else []
            names = [name for name in names if isinstance(name, str)]
            raise MissingName(asked, names[-_MOST_NAMES:])
        if status == "unsendable":
            raise Unsendable(f"The result cannot be graded: {answer.get('why')}.")
        raise self.garbled()

    def run_callback(self, event: dict[Any, Any]) -> bytes:
        """Run one of the grader's callables on the student's arguments.

        A call whose arguments do not fit, or break the callable, is refused: it raises in the
        student's code, as it would in the notebook. What arguments cannot bring about (a failed
        expectation, a plain ``assert``, a name that is not defined) is raised here.
        """
        number, args, kwargs = event.get("id"), event.get("args"), event.get("kwargs")
        if not (
            isinstance(number, int)
            and 0 <= number < len(self._callbacks)
            and isinstance(args, tuple)
            and isinstance(kwargs, dict)
        ):
            raise self.garbled()
        function = self._callbacks[number]
        try:
            inspect.signature(function).bind(*args, **kwargs)
            value = function(*self._wrap(args), **self._wrap(kwargs))
        except _OF_ARGUMENTS as error:
            self._refused = error
            return encode({"status": "refused"})
        return encode({"status": "value", "value": value}, opaque=self._refer)

    def _refer(self, value: Any) -> Opaque | Callback:
        """Replace a handle or a callable of ours by its number."""
        if isinstance(value, Handle):
            return value._reference
        if callable(value):
            self._callbacks.append(value)
            return Callback(len(self._callbacks) - 1)
        raise TypeError(f"A {type(value).__name__} cannot be passed to student code.")

    def _wrap(self, value: Any) -> Any:
        """Put handles in the place of references."""
        if type(value) is Opaque:
            return Handle(self, value)
        if type(value) is list:
            return [self._wrap(item) for item in value]
        if type(value) is tuple:
            return tuple(self._wrap(item) for item in value)
        if type(value) is dict:
            return {key: self._wrap(item) for key, item in value.items()}
        return value

    def read_answer(self, payload: bytes) -> dict[Any, Any]:
        """Return what a frame of the copy says, if it makes sense."""
        try:
            answer = decode(payload)
        except DecodeError as error:
            raise self.garbled() from error
        if not isinstance(answer, dict) or not isinstance(
            answer.get("event", answer.get("status")), str
        ):
            raise self.garbled()
        return answer

    def garbled(self) -> StudentDied:
        """End a copy that does not make sense; return what to raise."""
        self.kill()
        return StudentDied("Your process answered with something that is not a value.")

    def lost(self) -> StudentDied:
        """Return what to raise when a copy is gone and the sandbox is not."""
        self._check_ours()
        self.kill()
        return StudentDied(
            "Your process ended during the call. Does the code call exit(), or need far more "
            "memory than the task does?"
        )
