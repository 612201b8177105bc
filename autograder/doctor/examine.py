"""Tries each layer of confinement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from autograder.channel import Channel, ChannelError
from autograder.codec import decode
from autograder.doctor.bait import planted
from autograder.sandbox import LAYERS, Layer, Limits, SandboxLost, WarmParent, choose_confinement
from autograder.sandbox.confinement import SCRATCH_BYTES

_ENTRY = "autograder.inside.probe:main"
_PATIENCE_S = 20.0
_MEMORY_BYTES = 512 << 20
NOT_GIVEN = "this machine does not give it"
_BY_GRADING = frozenset({"fresh_process"})
"""Layers that lie in the order in which things are done: `autograder redteam` attacks them."""


@dataclass(frozen=True)
class Finding:
    """What came of trying one layer.

    Attributes
    ----------
    open
        What got through, or why it cannot hold; empty if it holds.
    """

    layer: Layer
    open: str = ""

    @property
    def holds(self) -> bool:
        """Whether the layer stops what it is to stop."""
        return not self.open


@dataclass(frozen=True)
class Diagnosis:
    """What this machine gives, as this user.

    Attributes
    ----------
    counts_by
        What counts the memory of a submission: ``"Cgroup"`` or ``"Watchdog"``.
    """

    tier: str
    findings: tuple[Finding, ...]
    counts_by: str

    @property
    def held(self) -> frozenset[str]:
        """The names of the layers that hold."""
        return frozenset(item.layer.name for item in self.findings if item.holds)

    @property
    def open(self) -> list[Finding]:
        """The layers that do not hold and that no other one backs up: their attacks are open."""
        return [f for f in self.findings if not f.holds and not f.layer.backed_by & self.held]

    @property
    def missing(self) -> list[Finding]:
        """The layers of the agreed minimum that do not hold."""
        return [item for item in self.findings if item.layer.needed and not item.holds]


def examine(wanted: Literal["auto", "namespaces", "plain"] = "auto") -> Diagnosis:
    """Try every layer.

    Raises
    ------
    UserError
        If no confined process can be started at all.
    """
    confinement = choose_confinement(wanted)
    findings = []
    with planted() as bait:
        for layer in LAYERS:
            if not confinement.has(layer.name):
                needs_root = layer.name == "uid"
                if not needs_root:
                    findings.append(Finding(layer, NOT_GIVEN))
            elif layer.name in _BY_GRADING:
                findings.append(Finding(layer))
            else:
                findings.append(Finding(layer, probe(layer, bait, layer.backed_by, wanted)))
    with WarmParent(confinement, preload=()) as parent:
        counts_by = parent.counts_by
    return Diagnosis(confinement.tier, tuple(findings), counts_by)


def probe(
    layer: Layer,
    bait: dict[str, Any],
    off: frozenset[str],
    wanted: Literal["auto", "namespaces", "plain"] = "auto",
) -> str:
    """Attempt what a layer is to stop, without others; return what got through.

    Parameters
    ----------
    bait
        What :func:`~autograder.doctor.bait.planted` laid out.
    off
        Layers to do without.
    """
    confinement = choose_confinement(wanted, off)
    target = {**bait, "memory_bytes": _MEMORY_BYTES, "scratch_bytes": SCRATCH_BYTES}
    try:
        with WarmParent(confinement, preload=("autograder.inside.probe",)) as parent:
            if layer.name == "clean":
                _attempt(parent, "leave", target)
                parent.clean()
            return _attempt(parent, layer.name, target)
    except SandboxLost as lost:
        return f"the sandbox was lost: {lost}"


def _attempt(parent: WarmParent, name: str, target: dict[str, Any]) -> str:
    memory = _MEMORY_BYTES if name in ("memory", "limits") else 4 << 30
    limits = Limits(memory_bytes=memory, file_bytes=64 << 20, processes=32)
    child = parent.spawn(_ENTRY, limits, probe=name, target=target)
    with Channel(child.socket) as channel:
        try:
            return str(decode(channel.receive(_PATIENCE_S)))
        except ChannelError as error:
            status = parent.wait(child.pid, timeout_s=2)
            if name == "memory" and status is not None and status & 0x7F:
                return ""  # it was ended for what it took
            return f"the probe gave no answer ({error}; wait status {status})"
