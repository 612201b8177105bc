"""Small applications to practise on: they misbehave when they are asked to."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.serving.refusal import Refused

if TYPE_CHECKING:
    from flask import Flask

_done = 0
"""How many requests this process has worked on."""


def practice_app(path: str | Path | None = None) -> Flask:
    """Return an application that needs a guard.

    ==============  ==============================================================
    ``/square``     POST ``{"x": 3}`` gives ``{"square": 9}``
    ``/refuse``     raises ``Refused(418, "this pot makes coffee only")``
    ``/break``      raises an error whose text holds a secret
    ``/version``    the version in the artifact ``path``, read when the app was made
    ``/wait/NAME``  answers as soon as there is a file of that name
    ==============  ==============================================================
    """
    from flask import Flask, request

    app = Flask("practice")
    version = None if path is None else json.loads(Path(path).read_text())["version"]

    @app.post("/square")
    def square() -> dict[str, Any]:
        return {"square": request.get_json()["x"] ** 2}

    @app.get("/refuse")
    def refuse() -> str:
        raise Refused(418, "this pot makes coffee only")

    @app.get("/break")
    def break_down() -> str:
        raise RuntimeError("the password of the database is 'heron'")

    @app.get("/version")
    def tell_version() -> dict[str, Any]:
        return {"version": version, "process": os.getpid()}

    @app.get("/wait/<name>")
    def wait(name: str) -> dict[str, Any]:
        _wait_for(name)
        return {"waited for": name}

    return app


def work(request: bytes) -> bytes:
    """Work on one line of JSON: what the servers of your own have to do.

    ``{"x": 3}`` gives ``{"square": 9, "process": 41, "done": 1}``: in which process it was
    worked on, and how many requests that process has worked on. With ``"wait": "name"`` it
    waits for a file of that name first, and says so by a file ``name.begun``; with
    ``"die": true`` it ends its process.
    """
    global _done
    wanted = json.loads(request)
    if wanted.get("die"):
        os._exit(1)
    if "wait" in wanted:
        _wait_for(wanted["wait"])
    _done += 1
    answer = {"square": wanted["x"] ** 2, "process": os.getpid(), "done": _done}
    return json.dumps(answer).encode()


def _wait_for(name: str) -> None:
    name = Path(name).name
    Path(f"{name}.begun").touch()
    while not Path(name).exists():
        time.sleep(0.002)
