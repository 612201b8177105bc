"""Hashes of what decides a trial's outcome, so that unchanged trials need not run again."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

import nbformat

import autograder
import course
from autograder.audit.laboratory import Subject

# Parts of the engine that no trial runs through: changing a report must not cost a full audit.
_NO_PART_OF_A_TRIAL = {"audit", "batch", "demo", "graders", "hooks", "reports", "cli.py"}
_TRIAL_PARTS_OF_AUDIT = ("disclosure.py", "laboratory.py", "trial.py", "watched_suite.py")


def digests(subject: Subject, tier: str) -> dict[str, str]:
    """Return a hash for each test file, and one for everything else under the empty name."""
    files = {
        path.name: _digest(with_siblings(path))
        for path in sorted(subject.grader_dir.glob("test_*.py"))
    }
    shared = [
        nbformat.writes(subject.stub),
        subject.contract.model_dump_json(),
        subject.settings.model_dump_json(exclude={"course_dir"}),
        subject.secret.hex(),
        str(subject.test_patience_s),
        tier,
        _digest([subject.reference]),
        _surroundings(),
        *(f"{name} {hashlib.sha256(text).hexdigest()}" for name, text in subject.files.items()),
    ]
    return {**files, "": hashlib.sha256(json.dumps(shared).encode()).hexdigest()}


def with_siblings(path: Path) -> set[Path]:
    """Return a test file and the modules beside it that it imports, and those they import."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        module = waiting.pop()
        if module in found or not module.is_file():
            continue
        found.add(module)
        for node in ast.walk(ast.parse(module.read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                names = [node.module] if node.module else [alias.name for alias in node.names]
                waiting += [path.parent / f"{str(name).split('.')[0]}.py" for name in names]
    return found


@functools.cache
def _surroundings() -> str:
    """Return a hash of the engine, of ``course`` and of the installed packages."""
    engine = Path(autograder.__file__).parent
    parts = [
        path
        for path in engine.rglob("*.py")
        if path.relative_to(engine).parts[0] not in _NO_PART_OF_A_TRIAL
    ]
    parts += [engine / "audit" / name for name in _TRIAL_PARTS_OF_AUDIT]
    parts += Path(course.__file__).parent.rglob("*.py")
    installed = sorted(f"{d.name} {d.version}" for d in distributions())
    return " ".join([_digest(parts), platform.python_version(), *installed])


def _digest(paths: Iterable[Path]) -> str:
    collected = hashlib.sha256()
    for path in sorted(paths):
        collected.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return collected.hexdigest()
