"""What a curious student's cell would do: look for a word in everything that it can read.

The text of this file is run as the first cell of a submission. It prints where the word stands.
"""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

WORD = "can" + "ary-"  # in one piece, this cell would find itself
LARGEST = 4 << 20
PATIENCE_S = 40.0
SYSTEM = {"/proc", "/sys", "/dev", "/usr", "/lib", "/lib64", "/bin", "/sbin", "/boot"}
OURS = ("course", "autograder", "deep_learning_course", "__editable__")


def readable_files() -> Iterator[Path]:
    """Yield the files below the root that do not come with the system or with libraries."""
    deadline = time.process_time() + PATIENCE_S
    for name, folders, files in os.walk("/"):
        folder = Path(name)
        if time.process_time() > deadline:
            print("SPY out of time at", folder)
            return
        is_library = folder.name in ("site-packages", "dist-packages")
        folders[:] = [
            part
            for part in folders
            if str(folder / part) not in SYSTEM and (not is_library or part.startswith(OURS))
        ]
        yield from (folder / file for file in files if not is_library or file.startswith(OURS))


def holds_word(path: Path) -> bool:
    """Say whether a file can be read and holds the word."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return False
        return WORD.encode() in path.read_bytes()
    except OSError:
        return False


def strings_in_memory() -> Iterator[str]:
    """Yield the strings held by dicts and by the code of functions."""
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            yield from (part for part in list(thing.values()) if type(part) is str)
        code = getattr(thing, "__code__", None)
        yield from (part for part in getattr(code, "co_consts", ()) if type(part) is str)


searched = 0
environments = Path("/proc").glob("[0-9]*/environ")
commands = Path("/proc").glob("[0-9]*/cmdline")
for path in (*readable_files(), *environments, *commands):
    searched += 1
    if holds_word(path):
        print("SPY file", path)
if any(WORD in text and text != WORD for text in strings_in_memory()):
    print("SPY memory of this process")
print("SPY searched", searched)
