"""What a warm parent imports before anybody has asked."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from autograder.settings import Settings

PRELOAD = (
    "numpy",
    "torch",
    "torch._dynamo",  # the first step of any torch optimizer imports it, for a second
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "flask",  # 160 ms
    "gunicorn.app.base",
    "gunicorn.workers.sync",
    "pandas",  # a third of a second for every submission that has a table of results
    "autograder.inside.child",
)
"""What the warm parent imports. Modules that start threads on import do not belong here."""

_MENTIONS = {
    "torch._dynamo": r"\boptim\b|\btorch\.(compile|distributed|func|utils)\b",
    "pandas": r"\bpandas\b",
    "flask": r"\bflask\b",
    "gunicorn.app.base": r"\bflask\b",
    "gunicorn.workers.sync": r"\bflask\b",
}
"""What is large, and the words in an assignment by which one knows that it may be needed.

torch is always there: threads and algorithms that always give the same are set before the fork.
"""
_TEXT = (".py", ".ipynb")


@functools.cache
def modules_for(settings: Settings, slug: str) -> tuple[str, ...]:
    """Return what a warm parent is to import for an assignment, going by the instructor's files.

    Every fork pays for the memory of what was imported. A submission that needs more all the same
    imports it by itself, on its own time. What was found is kept.
    """
    folders = [settings.course_dir / "source" / slug]
    for folder in (settings.assignments_dir, settings.solutions_dir, settings.graders_dir):
        folders.append(settings.locate(folder) / slug)
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in _TEXT]
    text = "\n".join(map(_text, files))
    if not text:
        return PRELOAD
    return tuple(name for name in PRELOAD if re.search(_MENTIONS.get(name, ""), text))


def _text(path: Path) -> str:
    """Return what a file holds; one that cannot be read costs a little time and no grading."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
