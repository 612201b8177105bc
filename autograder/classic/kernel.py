"""Which program runs a notebook's cells: the instructor's notebook says so, never a submission."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager, NoSuchKernel

_LAUNCHER = "ipykernel_launcher"
_PYTHON = "python"
_THIS_PYTHON = ("python", "python3")
"""Programs that jupyter_client takes for the interpreter that it runs on."""


class KernelRefused(Exception):
    """The notebook asks for a kernel that cannot be run; the message says why."""


def find_kernel(kernelspec: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Find the program that a notebook of the instructor's asks for.

    Parameters
    ----------
    kernelspec
        The notebook's, with its ``name``; none means Python, as for nbgrader.

    Returns
    -------
    dict or None
        The specification of another program, its path absolute; None for the Python in which
        submissions run without a kernel.

    Raises
    ------
    KernelRefused
        If the kernel, or the program that it names, is not installed.
    """
    name = str((kernelspec or {}).get("name") or _PYTHON)
    name = NATIVE_KERNEL_NAME if name == _PYTHON else name  # as jupyter_client takes it
    try:
        spec: dict[str, Any] = KernelSpecManager().get_kernel_spec(name).to_dict()
    except NoSuchKernel as error:
        raise KernelRefused(f"the kernel {name[:60]!r} is not installed here") from error
    program, *rest = spec["argv"]
    if _LAUNCHER in rest and _is_this_python(program):
        return None
    path = sys.executable if program in _THIS_PYTHON else shutil.which(program)
    if path is None:
        raise KernelRefused(f"the kernel {name[:60]!r} needs {program!r}, which is not installed")
    return {**spec, "argv": [path, *rest]}


def _is_this_python(program: str) -> bool:
    """Whether a program is this interpreter, or one of its names in the same folder.

    A link is not followed: the interpreters of two environments can be links to one file.
    """
    if os.sep not in program:
        return program in _THIS_PYTHON
    mine, other = Path(sys.executable).absolute(), Path(program).absolute()
    return other.parent == mine.parent and other.resolve() == mine.resolve()
