"""A real JupyterLab, and a notebook that is open in a real browser."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page

TOKEN = "a-token-for-this-test"
PICTURE = ".jp-OutputArea img"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, and the directory that it shows."""

    port: int
    folder: Path

    def open_and_run(self, browser: Browser, folder: Path, notebook: NotebookNode) -> Sheet:
        """Open a notebook in a folder of the lab, run all its cells, and wait for the last one."""
        path = folder / "notebook.ipynb"
        nbformat.write(notebook, path)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(self._address(f"lab/tree/{path.relative_to(self.folder)}", "&reset"))
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_selector("text=/Python 3 .*Idle/", timeout=90_000)
        page.click("li.lm-MenuBar-item:has-text('Run')")
        page.click("li.lm-Menu-item:has-text('Run All Cells'):not(:has-text('Restart'))")
        # A stub raises; JupyterLab then stops there. The notebook must get through all the same.
        page.wait_for_function(
            """() => {
                const prompts = [...document.querySelectorAll('.jp-InputPrompt')]
                    .map(prompt => prompt.textContent);
                return prompts.some(text => /[0-9]/.test(text))
                    && !prompts.some(text => text.includes('[*]'));
            }""",
            timeout=400_000,
        )
        return Sheet(page, folder)

    def stop_kernels(self) -> None:
        """End every kernel: a page that is closed leaves its kernel running."""
        for kernel in self.ask("api/kernels"):
            self.ask(f"api/kernels/{kernel['id']}", method="DELETE")

    def ask(self, path: str, method: str = "GET") -> Any:
        """Return what JupyterLab answers to a request, or None if it answers nothing."""
        request = urllib.request.Request(self._address(path), method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or "null")

    def _address(self, path: str, more: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}{more}"


@dataclass(frozen=True)
class Sheet:
    """A notebook that is open in the browser and has run; a panel in it writes ``asked.txt``."""

    page: Page
    folder: Path

    def text(self) -> str:
        """Return what the notebook says."""
        return self.page.inner_text(".jp-Notebook")

    def asked(self) -> list[str]:
        """Return the lines in which a student's own code has written down its calls."""
        return (self.folder / "asked.txt").read_text().splitlines()

    def drag(self, slider: str, pixels: int) -> None:
        """Drag the handle of a slider to the right, and wait for another picture."""
        labelled = self.page.locator(".widget-slider", has_text=slider).first
        grip = labelled.locator(".noUi-handle").bounding_box()
        assert grip is not None
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        with self.another_picture():
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + pixels, y, steps=6)
            self.page.mouse.up()

    @contextmanager
    def another_picture(self) -> Iterator[None]:
        """Do what stands in the block, and wait until the first picture is another one."""
        before = self.page.get_attribute(PICTURE, "src")
        yield
        self.page.wait_for_function(
            "([picture, before]) => document.querySelector(picture)?.src !== before",
            arg=[PICTURE, before],
            timeout=60_000,
        )

    def keep(self, name: str) -> None:
        """Save a picture of the page, for a person to look at."""
        self.page.screenshot(path=Path(os.environ.get("SCREENSHOTS", self.folder)) / f"{name}.png")


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab on a folder; end it and all that it started."""
    lab = Lab(_free_port(), folder)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={lab.port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}"]
    with (folder / "lab.log").open("w") as log:
        server = psutil.Popen(command, stdout=log, stderr=log, cwd=folder, env=_environment(folder))
        try:
            _wait_until_up(lab, server)
            yield lab
        finally:
            started = [server, *server.children(recursive=True)]
            server.terminate()
            _, left = psutil.wait_procs(started, timeout=20)
            for process in left:
                process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a JupyterLab that reads and writes no settings of ours."""
    settings = folder / ".lab"
    tracker = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    # By default only the cells in sight are in the page, so nothing could be said of the others.
    tracker.write_text('{"windowingMode": "none"}')
    return {
        **os.environ,
        "HOME": str(folder),
        "JUPYTER_CONFIG_DIR": str(folder / ".j"),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
    }


def _wait_until_up(lab: Lab, server: psutil.Popen) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab ended"
        try:
            lab.ask("api")
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("JupyterLab did not start")
