"""The only way by which a hidden test reaches the student's code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.kernels import Handle, RankGroup, RemoteCopy, Server, Watch


class Student:
    """The student's notebook as it stood after its graded part ran.

    Values cross as plain data: None, bool, int, float, str, bytes, list, tuple,
    dict, array, tensor. A callable passed as an argument runs here, on the
    trusted side. Anything else that comes back is a :class:`Handle`.

    Every method raises :class:`~autograder.kernels.StudentFault` where the
    student's code gives no value; a test that does not expect it fails with
    its message.

    Parameters
    ----------
    open_copy
        Takes a task's id and gives a fresh copy of the process.
    """

    def __init__(self, open_copy: Callable[[str], RemoteCopy]) -> None:
        self._open_copy = open_copy
        self._copy: RemoteCopy | None = None
        self._groups: list[RankGroup] = []
        self._task = ""
        self._past_calls = 0

    def begin(self, task: str) -> None:
        """Say which task the next calls belong to: it decides what they may use."""
        self._task = task

    def restart(self) -> None:
        """Begin anew: the next call meets a fresh copy of the process, and is the first."""
        self.let_go()
        self._past_calls = 0

    def let_go(self) -> None:
        """End the present copies; the next call meets a fresh one."""
        self._past_calls = self.calls
        if self._copy is not None:
            self._copy.close()
        self._copy = None
        while self._groups:
            self._groups.pop().close()

    @property
    def calls(self) -> int:
        """How many requests were made since the start."""
        alone = 0 if self._copy is None else self._copy.calls
        return self._past_calls + alone + sum(group.calls for group in self._groups)

    def ranks(self, size: int, device: str | None = None) -> RankGroup:
        """Start ``size`` copies of the notebook as the ranks of one ``torch.distributed`` group.

        Each is a process of its own. What they send each other goes through the trusted side,
        which counts it; a deadlock is seen at once, and the first rank that fails ends all.
        The group lives until the test is over.

        Parameters
        ----------
        device
            "cuda": rank r works on device r, and they talk over NCCL, uncounted. "cpu": over gloo.
        """
        group = RankGroup([self._open_copy(self._task) for _ in range(size)], device)
        self._groups.append(group)
        return group

    def watch(self) -> Watch:
        """Watch, from outside, the processes that the next calls start; a context manager.

        What its functions are called with, and in which process, cannot be forged. Where the
        sandbox gives submissions no shared memory of their own, the test is deferred.
        """
        return Watch(self._remote)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the notebook; return its value."""
        return self._remote.request_call(name, args, kwargs, hold=False)

    def new(self, name: str, /, *args: Any, **kwargs: Any) -> Handle:
        """Call a class or function of the notebook; keep the result there."""
        return self._remote.request_held("call", target=name, args=args, kwargs=kwargs, hold=True)

    def put(self, value: Any) -> Handle:
        """Leave a value in the student's process, to test mutation and shared memory."""
        return self._remote.request_held("put", value=value)

    def get(self, name: str) -> Any:
        """Return the value of a global name."""
        return self._remote.request("get", target=name)

    def has(self, name: str) -> bool:
        """Say whether the notebook defines a name."""
        return self._remote.request("has", name=name) is True

    def serve(
        self, name: str, /, *args: Any, settings: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Server:
        """Start gunicorn with the application that a function of the notebook returns.

        Parameters
        ----------
        settings
            gunicorn's own, such as ``{"workers": 2}``.
        """
        return self._remote.serve(name, args, kwargs, dict(settings or {}))

    def listen(self, name: str, /, *args: Any, **kwargs: Any) -> Server:
        """Run a function of the notebook as a server of its own: it gets a listening socket first.

        Its process is ready once the function was called.
        """
        return self._remote.serve(name, args, kwargs, None)

    def write(self, name: str, content: bytes | None) -> None:
        """Write a file into the working directory of the student's process; None removes it."""
        self._remote.request("write", name=name, content=content)

    @property
    def _remote(self) -> RemoteCopy:
        if self._copy is None:
            self._copy = self._open_copy(self._task)
        return self._copy
