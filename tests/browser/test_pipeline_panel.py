"""In a real browser, moving a slider of the pipeline panel asks the student's own schedule."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

TOKEN = "a-token-for-this-test"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]

PANEL = """
import course

def mine(stages, micro_batches):
    with open("called.txt", "a") as log:
        print(stages, micro_batches, file=log)
    rows, n, m = [], stages, micro_batches
    for s in range(n):
        there = [""] * s + [f"F{i}" for i in range(m)] + [""] * (n - 1 - s)
        rows.append(there + [""] * (n - 1 - s) + [f"B{i}" for i in range(m)] + [""] * s)
    return rows

course.pipeline_panel(mine, stages=4, micro_batches=4)
"""
"""A student's own schedule, which writes down what it is asked for."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a notebook that shows the panel."""
    folder = tmp_path_factory.mktemp("pipeline")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(PANEL)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "pipeline.ipynb")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Start JupyterLab on the folder; give the notebook's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}"]
    environment = {**os.environ, "HOME": str(folder), "JUPYTER_CONFIG_DIR": str(folder / ".j")}
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}", server)
            yield f"http://127.0.0.1:{port}/lab/tree/pipeline.ipynb?token={TOKEN}&reset"
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    """Open the notebook, run its cell, and wait for the picture."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(address)
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_selector("text=/Python 3 .*Idle/", timeout=90_000)
        page.click("li.lm-MenuBar-item:has-text('Run')")
        page.click("li.lm-Menu-item:has-text('Run All Cells'):not(:has-text('Restart'))")
        page.wait_for_selector(".jp-OutputArea img", timeout=90_000)
        yield page
        browser.close()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab ended"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("JupyterLab did not start")


def called(folder: Path) -> list[tuple[int, ...]]:
    """Return the stages and micro-batches of each call of the student's function."""
    lines = (folder / "called.txt").read_text().splitlines()
    return [tuple(int(number) for number in line.split()) for line in lines]


def keep(page: Any, name: str, tmp_path: Path) -> None:
    """Save a picture of the page, for a person to look at."""
    page.screenshot(path=Path(os.environ.get("SCREENSHOTS", tmp_path)) / f"{name}.png")


def move(page: Any, slider: str, pixels: int) -> None:
    """Drag a slider to the right, and wait for another picture."""
    before = page.get_attribute(".jp-OutputArea img", "src")
    grip = page.locator(".widget-slider", has_text=slider).locator(".noUi-handle").bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + pixels, y, steps=6)
    page.mouse.up()
    page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea img')?.src !== before",
        arg=before,
        timeout=60_000,
    )


def test_each_slider_asks_the_students_schedule_once(
    page: Any, folder: Path, tmp_path: Path
) -> None:
    assert called(folder) == [(4, 4)]
    move(page, "micro-batches", 40)
    keep(page, "pipeline_more_micro_batches", tmp_path)
    calls = called(folder)
    assert len(calls) == 2, "it ran while the slider was still moving"
    stages, micro_batches = calls[1]
    assert stages == 4
    assert micro_batches > 4
    move(page, "stages", 60)
    keep(page, "pipeline_more_stages", tmp_path)
    stages, unchanged = called(folder)[-1]
    assert stages > 4
    assert unchanged == micro_batches
    idle = (stages - 1) / (stages - 1 + micro_batches)
    assert f"idle for {idle:.1%}" in page.inner_text(".jp-Notebook [role=status]")
