"""The layers of confinement: what each is for, what it stops, and how to get it.

One table for all: the confinement holds a set of these names, ``autograder doctor`` tries each,
the attack suite says which of them stops what, and its tests switch them off one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

_USER_NAMESPACES = (
    "Allow user namespaces: sysctl user.max_user_namespaces=100000 and, on Ubuntu 23.10 or newer, "
    "kernel.apparmor_restrict_unprivileged_userns=0. In a container: --security-opt "
    "seccomp=unconfined --security-opt systempaths=unconfined, or --privileged."
)
_NOTHING = "It needs nothing; if it does not hold, please report it."


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes
    ----------
    purpose
        What it does, as a sentence.
    stops
        The attacks that are open without it and without those in ``backed_by``.
    get
        What to do where it does not hold.
    needed
        Whether it is part of the agreed minimum: without it, grading needs consent.
    rests_on
        Layers without which it cannot be.
    backed_by
        Layers that stop the same attacks by themselves.
    """

    name: str
    purpose: str
    stops: str
    get: str = _NOTHING
    needed: bool = False
    rests_on: frozenset[str] = frozenset()
    backed_by: frozenset[str] = frozenset()


LAYERS = (
    Layer(
        "view",
        "Submissions see the Python environment read-only and a private /tmp, and no other file.",
        "reading hidden tests, references, submissions, the gradebook and other files; "
        "writing outside",
        _USER_NAMESPACES,
        needed=True,
        backed_by=frozenset({"landlock"}),
    ),
    Layer(
        "network",
        "Submissions have a network of their own with nothing but loopback.",
        "sending anything out, reaching services of this machine and of its network",
        _USER_NAMESPACES,
        needed=True,
        backed_by=frozenset({"seccomp"}),
    ),
    Layer(
        "processes",
        "Submissions see only their own processes, and end together.",
        "listing processes outside; a process that forks itself away and outlives its submission",
        _USER_NAMESPACES,
        needed=True,
    ),
    Layer(
        "ipc",
        "System V memory, queues and semaphores are the sandbox's own.",
        "shared memory and queues with processes outside, which outlive the submission",
        _USER_NAMESPACES,
        needed=True,
        backed_by=frozenset({"seccomp"}),
    ),
    Layer(
        "uid",
        "Where root grades, submissions run under a uid that owns nothing.",
        "acting as root",
        "Grade as root in a container, or rely on user namespaces as an ordinary user.",
    ),
    Layer(
        "privileges",
        "No capabilities, and no program gives any (no_new_privs).",
        "using a capability of the sandbox, gaining rights through setuid programs",
        needed=True,
        backed_by=frozenset({"uid"}),
    ),
    Layer(
        "landlock",
        "Files by their place, whatever the uid may read; no signals and abstract sockets outside.",
        "reading and writing files outside by a uid that may; signals and abstract sockets outside",
        "Linux 5.13 or newer with Landlock among the `lsm=` of its command line; "
        "6.12 or newer for signals and sockets.",
        rests_on=frozenset({"privileges"}),
        backed_by=frozenset({"view"}),
    ),
    Layer(
        "seccomp",
        "System calls that no notebook needs are refused.",
        "tracing and reading other processes, keyrings, memory that no limit counts, "
        "the less tried parts of the kernel; without namespaces: every socket",
        "Linux with CONFIG_SECCOMP_FILTER on x86_64 or aarch64.",
        needed=True,
        rests_on=frozenset({"privileges"}),
    ),
    Layer(
        "limits",
        "Caps on each process: address space, file size, open files; and on their number.",
        "fork bombs, endless files, huge allocations",
        needed=True,
        backed_by=frozenset({"memory"}),
    ),
    Layer(
        "memory",
        "A cap on the memory of all processes of a submission together.",
        "many processes that each stay below their own cap",
        needed=True,
    ),
    Layer(
        "scratch",
        "The private /tmp and /dev/shm lie in memory and are full at a set size.",
        "filling the disk",
        _USER_NAMESPACES,
        needed=True,
    ),
    Layer(
        "environment",
        "Submissions find a few fixed environment variables, and none of the grader's.",
        "reading secrets from the environment",
        needed=True,
    ),
    Layer(
        "descriptors",
        "No open file of the grader is inherited.",
        "reading and writing through inherited descriptors",
        needed=True,
    ),
    Layer(
        "clean",
        "After each submission every process of it is ended and its scratch emptied.",
        "meeting the next submission",
        needed=True,
    ),
    Layer(
        "fresh_process",
        "A process that has met a hidden input never speaks to the student again.",
        "printing the hidden inputs into one's own feedback",
        needed=True,
    ),
)

NAMES = frozenset(layer.name for layer in LAYERS)
NAMESPACES = frozenset({"view", "network", "processes", "ipc", "scratch"})
MINIMUM = frozenset(layer.name for layer in LAYERS if layer.needed)


def what_is_open(missing: frozenset[str]) -> str:
    """Say which attacks are open without these layers, a line for each layer."""
    return "\n".join(f"  {layer.name}: {layer.stops}" for layer in LAYERS if layer.name in missing)


def without(layers: frozenset[str], off: frozenset[str]) -> frozenset[str]:
    """Return the layers that are left when some are switched off, and those that rest on them.

    Raises
    ------
    ValueError
        If a name is no layer's.
    """
    unknown = off - NAMES
    if unknown:
        raise ValueError(f"no layer is called {', '.join(sorted(unknown))}")
    return frozenset(
        layer.name for layer in LAYERS if layer.name in layers - off and not (layer.rests_on & off)
    )
