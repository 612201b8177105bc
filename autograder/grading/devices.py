"""Accelerators: which there are, and who may use how much of them.

A hidden test that needs one says so::

    @pytest.mark.gpu(devices=1, memory_gib=8)

Where they are missing its outcome is *deferred*: no zero, no pass, and a later run on a machine
that has them finishes the mark. Where they are there, the test runs under a lease, so that
submissions graded side by side never want more of a device than it has.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_GIB = 1 << 30
_PATIENCE_S = 120.0
_BETWEEN_LOOKS_S = 0.2
_ASK = ("nvidia-smi", "--query-gpu=index,memory.total", "--format=csv,noheader,nounits")


class Unavailable(Exception):
    """The devices a test asks for are not to be had; the message is for the student."""


@dataclass(frozen=True)
class Device:
    """One accelerator: its number on this machine, and its memory."""

    index: int
    memory_bytes: int


Inventory = Callable[[], Sequence[Device]]


def none_here() -> Sequence[Device]:
    """Return no device: the sandbox passes none on to submissions yet."""
    return ()


def nvidia_devices() -> Sequence[Device]:
    """Return what NVIDIA's driver reports; none where there is no driver."""
    try:
        done = subprocess.run(_ASK, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    rows = [line.split(",") for line in done.stdout.splitlines() if line.strip()]
    return [Device(int(index), int(mebibytes) << 20) for index, mebibytes in rows]


@dataclass(frozen=True)
class Need:
    """What a test asks for."""

    devices: int = 1
    memory_gib: float = 1.0

    def __post_init__(self) -> None:
        if self.devices < 1 or self.memory_gib <= 0:
            raise ValueError("a test that is marked gpu needs at least one device and some memory")

    @property
    def memory_bytes(self) -> int:
        """Bytes on each device."""
        return int(self.memory_gib * _GIB)

    def __str__(self) -> str:
        word = "GPU" if self.devices == 1 else "GPUs"
        return f"{self.devices} {word} with {self.memory_gib:g} GiB each"


class Leases:
    """Who uses how much of which device, shared by all graders of this machine and account.

    Every lease is a locked file. A lock ends with its process, whatever ended that: so nobody
    has to give back what a killed grader held.

    Parameters
    ----------
    inventory
        Tells which devices there are.
    folder
        Where the files lie; all graders that share the devices share it.
    """

    def __init__(self, inventory: Inventory | None = None, folder: Path | None = None) -> None:
        self._inventory = inventory or none_here
        self._folder = folder or Path(tempfile.gettempdir()) / f"autograder-gpus-{os.getuid()}"

    @contextlib.contextmanager
    def lease(self, need: Need, patience_s: float = _PATIENCE_S) -> Iterator[Sequence[Device]]:
        """Hold devices while the block runs.

        Raises
        ------
        Unavailable
            If this machine does not have them, or they stay in use for ``patience_s`` seconds.
        """
        fitting = [d for d in self._inventory() if d.memory_bytes >= need.memory_bytes]
        if len(fitting) < need.devices:
            raise Unavailable(
                f"This test needs {need}, and this machine has not. It waits for one that has; "
                "until then these points are neither lost nor won."
            )
        with contextlib.ExitStack() as held:
            deadline = time.monotonic() + patience_s
            while not (taken := self._take(fitting, need, held)):
                if time.monotonic() >= deadline:
                    raise Unavailable(f"This test needs {need}, and all were in use. It waits.")
                time.sleep(_BETWEEN_LOOKS_S)
            yield taken

    def _take(
        self, fitting: Sequence[Device], need: Need, held: contextlib.ExitStack
    ) -> Sequence[Device]:
        """Lock one file a device, if enough of them have room; else take nothing."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        with (self._folder / "lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            used = self._used()
            free = [
                d for d in fitting if d.memory_bytes - used.get(d.index, 0) >= need.memory_bytes
            ]
            if len(free) < need.devices:
                return ()
            taken = sorted(free, key=lambda d: (used.get(d.index, 0), d.index))[: need.devices]
            for device in taken:
                held.enter_context(self._hold(device, need.memory_bytes))
            return taken

    @contextlib.contextmanager
    def _hold(self, device: Device, memory_bytes: int) -> Iterator[None]:
        descriptor, name = tempfile.mkstemp(suffix=".lease", dir=self._folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, json.dumps([device.index, memory_bytes]).encode())
            yield
        finally:
            Path(name).unlink(missing_ok=True)
            os.close(descriptor)

    def _used(self) -> dict[int, int]:
        """Return the bytes leased by device; files whose holder is gone are removed."""
        used: dict[int, int] = {}
        for path in self._folder.glob("*.lease"):
            with contextlib.suppress(FileNotFoundError), path.open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    index, size = json.load(file)
                    used[index] = used.get(index, 0) + size
                else:
                    path.unlink(missing_ok=True)
        return used
