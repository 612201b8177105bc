"""The notebook opens and runs in a real JupyterLab, in a real browser, and its sliders work."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.authoring import build_stub, build_variant_notebook
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a1_sgd_vs_adam"
TOKEN = "a-token-for-this-test"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


RACE = """
import course

class Mine:
    def __init__(self, lr, momentum=0.0):
        with open("called.txt", "a") as log:
            print(lr, momentum, file=log)
        self.lr, self.momentum, self.v = lr, momentum, 0.0

    def step(self, w, g):
        self.v = self.momentum * self.v + g
        return w - self.lr * self.v

course.optimizer_race({"Mine": Mine}, start={"Mine": {"lr": 0.02}})
"""
"""A student's own optimizer, which writes down what it is asked for."""

CHAIN = """
import numpy as np
import course

def chain_links(x):
    with open("links.txt", "a") as log:
        print(x, file=log)
    u = np.sin(x)
    w = np.exp(-u**2)
    return [np.cos(x), 2.0 * u, -w, -np.sin(w)]

course.chain_stepper(chain_links, x=1.0)
"""
"""A student's own chain, which writes down where it is asked for its links."""
CHECKER = """
import numpy as np
import course

def numeric_gradient(f, w, h=1e-5):
    with open("distances.txt", "a") as log:
        print(h, file=log)
    steps = h * np.eye(len(w))
    return np.array([(f(w + step) - f(w - step)) / (2 * h) for step in steps])

course.checker_scope(numeric_gradient, h=1e-5)
"""
"""A student's own numeric gradient, which writes down how far it is to look."""


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, and the directory that it shows."""

    address: str
    folder: Path

    def open_and_run(self, browser: Any, notebook: str, timeout_s: int = 180) -> Any:
        """Open a notebook in a new page, run all its cells, and wait for the last one."""
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(self.address.format(notebook=notebook))
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_selector("text=/Python 3 .*Idle/", timeout=60_000)
        page.click("li.lm-MenuBar-item:has-text('Run')")
        page.click("li.lm-Menu-item:has-text('Run All Cells'):not(:has-text('Restart'))")
        # A stub raises; JupyterLab then stops there. The notebook must get through all the same.
        page.wait_for_function(
            "() => document.querySelectorAll('.jp-InputPrompt').length > 0 &&"
            " [...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(p => /[0-9]/.test(p.textContent)) &&"
            " ![...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(p => p.textContent.includes('[*]'))",
            timeout=1000 * timeout_s,
        )
        return page


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab on a directory with the release, a solved copy, and lone panels."""
    folder = tmp_path_factory.mktemp("student")
    settings = load_settings(ROOT)
    shutil.copyfile(ROOT / "assignments" / SLUG / "checks.py", folder / "checks.py")
    solved = build_variant_notebook(SLUG, ROOT / "solutions" / SLUG / "reference.py", settings)
    for name, code in (("race", RACE), ("chain", CHAIN), ("checker", CHECKER)):
        panel = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(panel, folder / f"{name}.ipynb")
    for name, notebook in (("release", build_stub(SLUG, settings)), ("solved", solved)):
        nbformat.write(notebook, folder / f"{name}.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}"]
    environment = {**os.environ, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / ".j")}
    # By default only the cells in sight are in the page, so nothing could be said of the others.
    tracker = folder / ".lab" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}')
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(folder / ".lab")
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", server)
            address = f"http://127.0.0.1:{port}/lab/tree/{{notebook}}.ipynb?token={TOKEN}&reset"
            yield Lab(address, folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium once."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab ended"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("JupyterLab did not start")


def keep(page: Any, name: str, tmp_path: Path) -> None:
    """Save a picture of the page, for a person to look at."""
    page.screenshot(path=Path(os.environ.get("SCREENSHOTS", tmp_path)) / f"{name}.png")


def drag(page: Any, label: str, by: int) -> None:
    """Drag a slider's handle to the right by so many pixels."""
    handle = page.locator(".widget-slider", has_text=label).first.locator(".noUi-handle")
    grip = handle.bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=6)
    page.mouse.up()


def wait_for_another_picture(page: Any, before: str | None) -> None:
    """Wait until the panel's picture is another one than before."""
    page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea img')?.src !== before",
        arg=before,
        timeout=30_000,
    )


def test_release_opens_runs_and_shows_checks_and_widget(
    lab: Lab, browser: Any, tmp_path: Path
) -> None:
    page = lab.open_and_run(browser, "release")
    keep(page, "release", tmp_path)
    text = page.inner_text(".jp-Notebook")
    page.close()
    assert "Adam" in text
    assert "not written yet" in text
    assert "Traceback" not in text


def test_solved_notebook_shows_every_picture(lab: Lab, browser: Any, tmp_path: Path) -> None:
    page = lab.open_and_run(browser, "solved", timeout_s=400)
    for number, cell in enumerate(page.query_selector_all(".jp-Notebook .jp-CodeCell")):
        cell.scroll_into_view_if_needed()
        keep(page, f"solved_{number:02d}", tmp_path)
    pictures = page.eval_on_selector_all(
        ".jp-OutputArea img", "images => images.filter(i => i.naturalWidth > 100).length"
    )
    assert "Traceback" not in page.inner_text(".jp-Notebook")
    page.close()
    explored = [
        cell for cell in _cells(lab, "solved") if "explore" in cell.metadata.get("tags", [])
    ]
    assert pictures >= len(explored) > 12


def test_slider_calls_the_students_own_class_with_its_value(
    lab: Lab, browser: Any, tmp_path: Path
) -> None:
    page = lab.open_and_run(browser, "race")
    picture = page.wait_for_selector(".jp-OutputArea img", timeout=30_000)
    before = picture.get_attribute("src")
    called = (lab.folder / "called.txt").read_text().split("\n")
    assert called[:-1] == ["0.02 0.0"]
    drag(page, "momentum", 60)
    page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea img')?.src !== before"
        " || document.querySelectorAll('.jp-OutputArea img').length !== 1",
        arg=before,
        timeout=30_000,
    )
    keep(page, "race", tmp_path)
    page.close()
    asked = [
        float(line.split()[1]) for line in (lab.folder / "called.txt").read_text().splitlines()
    ]
    assert asked[0] == 0.0
    assert asked[-1] > 0.05
    assert len(asked) == 2, "it ran while the slider was still moving"


def test_moving_x_asks_the_students_own_chain_for_its_links(
    lab: Lab, browser: Any, tmp_path: Path
) -> None:
    page = lab.open_and_run(browser, "chain")
    picture = page.wait_for_selector(".jp-OutputArea img", timeout=30_000)
    before = picture.get_attribute("src")
    log = lab.folder / "links.txt"
    assert log.read_text().split() == ["1.0"]
    drag(page, "x", -60)
    wait_for_another_picture(page, before)
    keep(page, "chain", tmp_path)
    page.close()
    asked = [float(line) for line in log.read_text().split()]
    assert len(asked) == 2, "it ran while the slider was still moving"
    assert -3.0 <= asked[1] < 0.9


def test_moving_h_asks_the_students_own_gradient_once(
    lab: Lab, browser: Any, tmp_path: Path
) -> None:
    page = lab.open_and_run(browser, "checker")
    picture = page.wait_for_selector(".jp-OutputArea img", timeout=30_000)
    before = picture.get_attribute("src")
    log = lab.folder / "distances.txt"
    earlier = len(log.read_text().split())
    drag(page, "h", 40)
    wait_for_another_picture(page, before)
    keep(page, "checker", tmp_path)
    page.close()
    asked = [float(line) for line in log.read_text().split()][earlier:]
    assert len(asked) == 1, "it ran while the slider was still moving"
    assert 1e-5 < asked[0] <= 1.0


def _cells(lab: Lab, notebook: str) -> list[Any]:
    return list(nbformat.read(lab.folder / f"{notebook}.ipynb", as_version=4).cells)
