"""Grades in a process of its own, as told, so that even one that is taken down costs no more.

It reads JSON orders line by line from its standard input and answers each on what was its
standard output: ``{"do": "grade" | "feedback", "student": ...}``. Like a careless staff's
process, it holds canaries where a submission might reach them: in its environment, its memory,
its kernel keyring and an inheritable descriptor.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import platform
import runpy
import sys
import time
from typing import Any

from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException

from autograder.batch import Course, Grader, open_course

CANARY_VARIABLE = "REDTEAM_CANARY"
KEY_NAME = "redteam"
_KEY_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219)}
"""Numbers of add_key and keyctl."""
_JOIN_SESSION_KEYRING, _SESSION_KEYRING = 1, -3


def main() -> None:
    """Serve orders until the standard input ends.

    Arguments: the course directory, the assignment, a canary, and weaknesses
    ``FILE.py:function:argument``: functions that are called first, with which tests switch
    a layer off.
    """
    course_dir, slug, _, *weaknesses = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    plant_key(os.environ.get(CANARY_VARIABLE, "").encode())
    for weakness in weaknesses:
        _weaken(weakness)
    course = open_course(course_dir)
    with Grader(course, slug) as grader:
        _say(answers, {"tier": grader.tier})
        for line in sys.stdin:
            order = json.loads(line)
            _say(answers, _carry_out(order, course, slug, grader))


def _carry_out(order: dict[str, Any], course: Course, slug: str, grader: Grader) -> Any:
    start = time.monotonic()
    if order["do"] == "feedback":
        coursedir = course.coursedir(assignment_id=slug, student_id=order["student"])
        with contextlib.suppress(NbGraderException):  # nothing was graded; its log says why
            GenerateFeedback(coursedir=coursedir, parent=course.app).start()
        return {"seconds": time.monotonic() - start}
    graded = grader.grade(order["student"])
    return {"seconds": graded.seconds, "outcome": graded.result.outcome, "tier": grader.tier}


def _weaken(weakness: str) -> None:
    path, function, argument = weakness.split(":", 2)
    runpy.run_path(path)[function](argument)


def plant_key(canary: bytes) -> None:
    """Keep a canary in a keyring of this session's own, which every child inherits."""
    calls = _KEY_CALLS.get(platform.machine())
    if calls is not None and canary:
        add_key, keyctl = calls
        libc = ctypes.CDLL(None)
        libc.syscall(keyctl, _JOIN_SESSION_KEYRING, None)
        name = KEY_NAME.encode()
        libc.syscall(add_key, b"user", name, canary, len(canary), _SESSION_KEYRING)


def _say(stream: Any, answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
