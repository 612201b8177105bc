"""Confinement: what a submission's processes may see, use and leave behind.

The trusted side starts a *warm parent* (:class:`WarmParent`), a process that has
the scientific libraries imported and has never seen a hidden test. For each
submission it forks a confined child; when the submission is done, everything
that descends from it is ended.

:class:`Confinement` says which layers this machine gives. It is the seam behind
which further layers belong: nothing outside this package knows how a child is
confined.
"""

from autograder.sandbox.confinement import Confinement, choose_confinement
from autograder.sandbox.layers import LAYERS, MINIMUM, Layer
from autograder.sandbox.limits import Limits
from autograder.sandbox.parent import ChildHandle, SandboxLost, WarmParent
from autograder.sandbox.preload import PRELOAD, modules_for

__all__ = [
    "LAYERS",
    "MINIMUM",
    "PRELOAD",
    "ChildHandle",
    "Confinement",
    "Layer",
    "Limits",
    "SandboxLost",
    "WarmParent",
    "choose_confinement",
    "modules_for",
]
