"""The released notebook opens and runs in a real JupyterLab, in a real browser."""

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

import nbformat
import pytest

from autograder.authoring import build_stub
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a1_sgd_vs_adam"
TOKEN = "a-token-for-this-test"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start JupyterLab on a directory that holds the release, as a student has it."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copyfile(ROOT / "assignments" / SLUG / "checks.py", folder / "checks.py")
    nbformat.write(build_stub(SLUG, load_settings(ROOT)), folder / f"{SLUG}.ipynb")
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
            yield f"http://127.0.0.1:{port}/lab/tree/{SLUG}.ipynb?token={TOKEN}"
        finally:
            server.terminate()
            server.wait(timeout=20)


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


def test_release_opens_runs_and_shows_checks_and_widget(lab: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(lab)
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_selector("text=/Python 3 .*Idle/", timeout=60_000)
        page.click("li.lm-MenuBar-item:has-text('Run')")
        page.click("li.lm-Menu-item:has-text('Run All Cells'):not(:has-text('Restart'))")
        # A stub raises; JupyterLab then stops there. The notebook must get through all the same.
        page.wait_for_function(
            "() => document.querySelectorAll('.jp-InputPrompt').length > 3 &&"
            " ![...document.querySelectorAll('.jp-InputPrompt')]"
            ".some(p => p.textContent.includes('[*]'))",
            timeout=120_000,
        )
        shots = Path(os.environ.get("SCREENSHOTS", tmp_path))
        page.screenshot(path=shots / "release.png")
        text = page.inner_text(".jp-Notebook")
        browser.close()
    assert "Adam" in text
    assert "not written yet" in text
    assert "Traceback" not in text
