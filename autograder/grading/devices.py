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
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pynvml

from autograder.kernels import NotOnThisMachine

_GIB = 1 << 30
_PATIENCE_S = 120.0
_BETWEEN_LOOKS_S = 0.2
_OF_ALL = ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools")
"""Device files that CUDA opens whichever GPU it uses."""


@dataclass(frozen=True)
class Device:
    """One accelerator: its number on this machine, its memory, and the files that lead to it."""

    index: int
    memory_bytes: int
    files: tuple[str, ...] = ()


Inventory = Callable[[], Sequence[Device]]


def nvidia_devices() -> Sequence[Device]:
    """Return what NVIDIA's driver reports; none where there is no driver."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return ()
    try:
        return [_nvidia_device(index) for index in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError:
        return ()
    finally:
        pynvml.nvmlShutdown()


def _nvidia_device(index: int) -> Device:
    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    own = f"/dev/nvidia{pynvml.nvmlDeviceGetMinorNumber(handle)}"
    return Device(index, int(pynvml.nvmlDeviceGetMemoryInfo(handle).total), (own, *_OF_ALL))


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


@dataclass(frozen=True)
class Lease:
    """Devices that a test may use, and how much memory on each."""

    devices: tuple[Device, ...]
    memory_bytes: int

    @property
    def files(self) -> tuple[str, ...]:
        """The files that a sandbox has to pass on."""
        return tuple(sorted({file for device in self.devices for file in device.files}))

    @property
    def variables(self) -> dict[str, str]:
        """What keeps torch to its share, and cuBLAS to sums that always give the same.

        Copies are forked, and a process that CUDA was woken up in cannot be: so torch is to ask
        the driver's library, and not CUDA, whether there are devices.
        """
        share = min(self.memory_bytes / device.memory_bytes for device in self.devices)
        return {
            "PYTORCH_CUDA_ALLOC_CONF": f"per_process_memory_fraction:{share:.4f}",
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
            "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        }


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
        self._inventory = inventory or nvidia_devices
        self._folder = folder or Path(tempfile.gettempdir()) / f"autograder-gpus-{os.getuid()}"

    @contextlib.contextmanager
    def lease(self, need: Need, patience_s: float = _PATIENCE_S) -> Iterator[Lease]:
        """Hold devices while the block runs.

        Raises
        ------
        NotOnThisMachine
            If this machine does not have them, or they stay in use for ``patience_s`` seconds.
        """
        fitting = [d for d in self._inventory() if d.memory_bytes >= need.memory_bytes]
        if len(fitting) < need.devices:
            raise NotOnThisMachine(f"This test needs {need}, which this machine does not have")
        with contextlib.ExitStack() as held:
            deadline = time.monotonic() + patience_s
            while not (taken := self._take(fitting, need, held)):
                if time.monotonic() >= deadline:
                    raise NotOnThisMachine(f"This test needs {need}, and all were in use")
                time.sleep(_BETWEEN_LOOKS_S)
            yield Lease(tuple(taken), need.memory_bytes)

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
