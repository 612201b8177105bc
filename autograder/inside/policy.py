"""Refuses library calls that a task does not allow, while its tests run.

Each task's contract names the modules that would do the student's work, such as
``torch.optim``. Inside a graded call their functions raise, however they
were imported before; outside, in the student's own experiments,
they work. This is help for the honest: it runs in the student's own process.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

NOT_ALLOWED = "is not allowed in this task"


def forbid(modules: Iterable[str]) -> None:
    """Make every Python function of these modules, and of those below them, raise."""
    names = tuple(modules)
    if not names:
        return
    # All are found before the first is disarmed: looking for them can call some of them, such as a
    # module's own __getattr__ (pandas has one).
    found = [
        (function, name)
        for name, module in list(sys.modules.items())
        if _covers(names, name) and module is not None
        for function in _functions(module)
    ]
    for function, name in found:
        _disarm(function, name)
    sys.meta_path.insert(0, _Refusal(names))


def _covers(names: Sequence[str], module: str) -> bool:
    # Asked about thousands of modules for each copy, hence the quick test first.
    return module.startswith(tuple(names)) and any(
        module == name or module.startswith(f"{name}.") for name in names
    )


class _Refusal(MetaPathFinder):
    """Refuses the first import of a forbidden module."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Raise for a forbidden name; leave every other to the next finder."""
        if _covers(self._names, fullname):
            raise ImportError(f"{fullname} {NOT_ALLOWED}")
        return None


def _functions(module: types.ModuleType) -> Iterator[types.FunctionType]:
    """Yield the functions and methods that a module itself defines."""
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        members = vars(value).values() if isinstance(value, type) else (value,)
        for member in list(members):
            function = getattr(member, "__func__", member)
            if isinstance(function, types.FunctionType) and not _is_borrowed(function, module):
                yield function


def _is_borrowed(function: types.FunctionType, module: types.ModuleType) -> bool:
    """Whether the standard library lends the function: enum puts its own into each enumeration."""
    home = function.__module__ or ""
    return home != module.__name__ and home.partition(".")[0] in sys.stdlib_module_names


def _refuse(*args: object, **kwargs: object) -> None:
    raise RuntimeError("...")


def _disarm(function: types.FunctionType, module: str) -> None:
    """Replace a function's body, so that names bound to it earlier are caught too."""
    message = f"{module}.{function.__name__} {NOT_ALLOWED}"
    code = _refuse.__code__  # copied with another message: compiling hundreds takes a while
    constants = tuple(message if constant == "..." else constant for constant in code.co_consts)
    # A body can only take the place of one with as many variables of an outer function.
    function.__code__ = code.replace(co_consts=constants, co_freevars=function.__code__.co_freevars)
    function.__defaults__ = None
    function.__kwdefaults__ = None
