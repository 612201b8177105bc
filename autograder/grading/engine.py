"""Keeps one warm parent for the submissions that are graded one after another."""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from autograder.channel import Channel, ChannelError
from autograder.codec import DecodeError, decode
from autograder.errors import UserError
from autograder.grading.devices import Lease
from autograder.kernels import Budget, NotOnThisMachine, StudentProcess
from autograder.kernels.ranks import new_meeting_place
from autograder.sandbox import (
    PRELOAD,
    Confinement,
    SandboxLost,
    WarmParent,
    choose_confinement,
    modules_for,
)
from autograder.sandbox.layers import what_is_open
from autograder.sandbox.limits import Limits
from autograder.settings import Settings

_TRY_DEVICES = "autograder.inside.devices:main"
_DEVICES_S = 60.0
"""A driver may take long to wake up."""


class Engine:
    """Starts a fresh student's process whenever asked, and ends the one before.

    A warm parent that was lost is replaced at the next launch.

    Parameters
    ----------
    threads
        How many threads numpy may use in the student's process. Marks are given with one; an
        audit tries more, since an answer must not depend on it.
    lease
        Devices that are passed on to the student's process.
    preload
        What the warm parent imports. Every fork pays for the memory of it.

    Raises
    ------
    UserError
        If this machine does not give the agreed minimum of confinement, and the course has
        not consented to grade without.
    """

    def __init__(
        self,
        settings: Settings,
        threads: int = 1,
        lease: Lease | None = None,
        preload: Iterable[str] = PRELOAD,
    ) -> None:
        self._settings = settings
        self._threads = threads
        self._preload = tuple(preload)
        self._lease = lease
        chosen = choose_confinement(settings.confinement)
        self._confinement = replace(chosen, devices=lease.files) if lease else chosen
        if self._confinement.missing and not settings.unconfined:
            raise _refusal(self._confinement)
        self._parent: WarmParent | None = None
        self._starting: WarmParent | None = None
        self._process: StudentProcess | None = None

    def on(self, lease: Lease) -> Engine:
        """Return an engine like this one, whose processes reach leased devices."""
        return Engine(self._settings, self._threads, lease, self._preload)

    @property
    def tier(self) -> str:
        """The tier of confinement, recorded with every mark."""
        return self._confinement.tier

    @property
    def missing(self) -> tuple[str, ...]:
        """Layers of the agreed minimum that this machine does not give."""
        return tuple(sorted(self._confinement.missing))

    def has(self, layer: str) -> bool:
        """Whether a layer of confinement holds (see ``autograder.sandbox.layers``)."""
        return self._confinement.has(layer)

    def launch(
        self,
        seed: int,
        files: Mapping[str, bytes],
        budget: Budget,
        settings: Settings | None = None,
        *,
        as_nbgrader: bool = False,
        kernel: Mapping[str, Any] | None = None,
    ) -> StudentProcess:
        """End everything of the last submission; start a process for the next.

        Parameters
        ----------
        settings
            Deadlines and limits for this process, if not the engine's own.
        as_nbgrader, kernel
            See :class:`~autograder.kernels.process.StudentProcess`.

        Raises
        ------
        SandboxLost
            If the sandbox does not give a process.
        BudgetSpent
            If the submission has had its time.
        """
        budget.check()
        self._process = StudentProcess(
            self._cleaned_parent(),
            settings or self._settings,
            seed,
            budget,
            as_nbgrader=as_nbgrader,
            kernel=kernel,
        )
        self._process.put_files(files)
        return self._process

    def check_devices(self, count: int, device: str = "cuda") -> None:
        """Try whether ranks on so many devices can sum in the sandbox.

        Parameters
        ----------
        device
            As ranks have it: see :class:`~autograder.kernels.RankGroup`.

        Raises
        ------
        NotOnThisMachine
            If they cannot: our fault, or the machine's, and never the student's.
        """
        parent, limits = self._cleaned_parent(), Limits.from_settings(self._settings)
        order = {"size": count, "device": device, "place": new_meeting_place()}
        with contextlib.ExitStack() as stack:
            children = [parent.spawn(_TRY_DEVICES, limits, rank=r, **order) for r in range(count)]
            channels = [stack.enter_context(Channel(child.socket)) for child in children]
            troubles = [_heard(channel) for channel in channels]
        if any(troubles):
            raise NotOnThisMachine(
                "This test needs a device that this machine's sandbox does not reach "
                f"({next(filter(None, troubles))})"
            )

    def adopt(self, parent: WarmParent) -> None:
        """Take over a warm parent that may still be starting up."""
        self._starting = parent

    def clean(self) -> None:
        """End everything of the last submission; a parent that cannot is given up."""
        if self._process is not None:
            self._process.close()
        self._process = None
        if self._parent is not None:
            try:
                self._parent.clean()
            except SandboxLost:
                self.close()

    def abandon(self) -> None:
        """Leave the warm parent to the process that this one was forked from."""
        for parent in (self._parent, self._starting):
            if parent is not None:
                parent.abandon()
        self._parent = self._starting = None

    def close(self) -> None:
        """End the warm parent."""
        for parent in (self._parent, self._starting):
            if parent is not None:
                parent.close()
        self._parent = self._starting = None

    def _cleaned_parent(self) -> WarmParent:
        self.clean()
        if self._parent is None and self._starting is not None:
            self._parent, self._starting = self._starting, None
            self._parent.wait_until_warm()
        if self._parent is None:
            variables = self._lease.variables if self._lease else None
            self._parent = WarmParent(
                self._confinement, self._preload, self._threads, variables=variables
            )
        return self._parent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _heard(channel: Channel) -> str:
    """Return what a rank that tried a device has to say."""
    try:
        return str(decode(channel.receive(_DEVICES_S)))
    except (ChannelError, DecodeError) as error:
        return str(error) or type(error).__name__


def _refusal(confinement: Confinement) -> UserError:
    """Return what is said where grading would be less confined than agreed."""
    return UserError(
        "Submissions would not be confined as they must be: this machine gives "
        f"{confinement.tier}, and without these layers attacks are open:\n"
        f"{what_is_open(confinement.missing)}",
        hint="`autograder doctor` says how to get them. If you trust every submission, "
        "`autograder grade --unconfined` (or unconfined = true in autograder.toml) grades "
        "all the same, and every mark records it.",
    )


def shared_engine(settings: Settings, slug: str) -> Engine:
    """Return this process's engine for an assignment; it is closed at exit.

    Assignments that need the same share one. There is one at a time, because each holds a warm
    parent: the next takes the place of the last.
    """
    key = settings.model_copy(update={"course_dir": Path()}), modules_for(settings, slug)
    if key not in _shared:
        engine = Engine(settings, preload=key[1])
        close_shared_engine()
        _shared[key] = engine
    return _shared[key]


_shared: dict[tuple[Settings, tuple[str, ...]], Engine] = {}


@atexit.register
def close_shared_engine() -> None:
    """End this process's warm parent; the next submission starts another."""
    for engine in _shared.values():
        engine.close()
    _shared.clear()


def _abandon_shared_engine() -> None:
    for engine in _shared.values():
        engine.abandon()
    _shared.clear()


os.register_at_fork(after_in_child=_abandon_shared_engine)  # a warm parent serves one process
