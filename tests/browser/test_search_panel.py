"""In a real browser, the search panel calls the student's own grid search, and peeks on demand."""

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

SEARCH = """
import course

def mine(grid, make, fit, error, train, valid, open_test):
    trials, models = [], []
    for width in grid["width"]:
        for penalty in grid["penalty"]:
            models.append(make({"width": width, "penalty": penalty}))
            fit(models[-1], *train)
            config = {"width": width, "penalty": penalty}
            trials.append((config, error(models[-1], *valid)))
    with open("called.txt", "a") as log:
        print(len(trials), len(valid[0]), file=log)
    best = min(range(len(trials)), key=lambda i: trials[i][1])
    return {"config": trials[best][0], "valid_error": trials[best][1], "trials": trials,
            "test_error": error(models[best], *open_test())}

course.search_panel(mine, rows=20, steps=4)
"""
"""A student's own grid search, which writes down how large the grid and the validation set were."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searcher")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(SEARCH)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "search.ipynb")
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
            yield f"http://127.0.0.1:{port}/lab/tree/search.ipynb?token={TOKEN}&reset"
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


def called(folder: Path) -> list[list[int]]:
    """Return grid size and validation rows of each call of the student's search."""
    lines = (folder / "called.txt").read_text().splitlines()
    return [[int(number) for number in line.split()] for line in lines]


def keep(page: Any, name: str, tmp_path: Path) -> None:
    """Save a picture of the page, for a person to look at."""
    page.screenshot(path=Path(os.environ.get("SCREENSHOTS", tmp_path)) / f"{name}.png")


def wait_for_words(page: Any, words: str) -> None:
    """Wait until the panel says this."""
    page.wait_for_function(
        "words => document.querySelector('.jp-Notebook [role=status]')?.innerText.includes(words)",
        arg=words,
        timeout=60_000,
    )


def wait_for_another_picture(page: Any, before: str | None) -> None:
    """Wait until the picture is another one than before."""
    page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea img')?.src !== before",
        arg=before,
        timeout=60_000,
    )


def test_slider_calls_the_students_search_once_it_rests(
    page: Any, folder: Path, tmp_path: Path
) -> None:
    assert called(folder) == [[16, 20]]
    before = page.get_attribute(".jp-OutputArea img", "src")
    rows = page.locator(".widget-slider", has_text="rows to choose by").locator(".noUi-handle")
    grip = rows.bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=6)
    page.mouse.up()
    wait_for_another_picture(page, before)
    keep(page, "search_moved", tmp_path)
    calls = called(folder)
    assert len(calls) == 2, "it ran while the slider was still moving"
    assert calls[1][0] == 16
    assert calls[1][1] > 25


def test_button_searches_again_and_tells_what_the_peek_was_worth(
    page: Any, folder: Path, tmp_path: Path
) -> None:
    earlier = len(called(folder))
    before = page.get_attribute(".jp-OutputArea img", "src")
    page.click("button:has-text('Peek at the test set')")
    wait_for_words(page, "too kind by")
    wait_for_another_picture(page, before)
    keep(page, "search_peeked", tmp_path)
    assert len(called(folder)) > earlier + 40
