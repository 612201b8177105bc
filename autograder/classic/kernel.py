"""Which kernels can be run confined: the Python of this environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel

_LAUNCHER = "ipykernel_launcher"
_PYTHON = "python"


class KernelRefused(Exception):
    """The notebook asks for a kernel that cannot be run; the message says why."""


def check_kernel(kernelspec: Mapping[str, Any] | None) -> None:
    """Check that a notebook's kernel is the Python in which submissions run.

    Parameters
    ----------
    kernelspec
        The notebook's, with its ``name``; none means Python, as for nbgrader.

    Raises
    ------
    KernelRefused
        If the kernel is not installed, or is another program.
    """
    name = str((kernelspec or {}).get("name") or _PYTHON)
    name = NATIVE_KERNEL_NAME if name == _PYTHON else name  # as jupyter_client takes it
    try:
        command = KernelSpecManager().get_kernel_spec(name).argv
    except NoSuchKernel as error:
        raise KernelRefused(f"the kernel {name[:60]!r} is not installed here") from error
    if _LAUNCHER not in command or not _is_this_python(command[0]):
        raise KernelRefused(
            f"the kernel {name[:60]!r} is not the Python of this environment, and only that one "
            "is run confined; plain nbgrader can grade the assignment, unconfined"
        )


def _is_this_python(program: str) -> bool:
    """Whether a program is this interpreter, or one of its names in the same folder.

    A link is not followed: the interpreters of two environments can be links to one file.
    """
    if os.sep not in program:
        return program in ("python", "python3")  # which jupyter_client takes for this one
    mine, other = Path(sys.executable).absolute(), Path(program).absolute()
    return other.parent == mine.parent and other.resolve() == mine.resolve()
