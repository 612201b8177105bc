"""One JupyterLab for all tests; for each test a folder in it, a page and a kernel."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Browser, sync_playwright

from .lab import PICTURE, Lab, Sheet, running_lab

Run = Callable[[NotebookNode], Sheet]
Show = Callable[[str], Sheet]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("student")) as lab:
        yield lab


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; not for the session, since Playwright keeps an event loop running.

    Other tests of the session could then start none of their own.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def folder(lab: Lab, request: pytest.FixtureRequest) -> Path:
    """Make the folder that the test's notebook lies in."""
    folder: Path = lab.folder / request.node.name
    folder.mkdir()
    return folder


@pytest.fixture
def run(browser: Browser, lab: Lab, folder: Path) -> Iterator[Run]:
    """Open and run a notebook; its page and its kernel end with the test."""
    yield lambda notebook: lab.open_and_run(browser, folder, notebook)
    for context in browser.contexts:
        context.close()
    lab.stop_kernels()


@pytest.fixture
def show(run: Run) -> Show:
    """Run the code that shows a panel, and wait for the panel's picture."""

    def show(code: str) -> Sheet:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code)],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        sheet = run(notebook)
        sheet.page.wait_for_selector(PICTURE, timeout=90_000)
        return sheet

    return show
