"""With the view switched off, a submission is shown the machine as far as its user knows it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox import confinement

_NOBODY = 65534


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that an ordinary user may pass through, and not list."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for inner in ("environment/lib", "letters"):
            (home / inner).mkdir(parents=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o311)
        me = os.geteuid()
        if me == 0:
            os.seteuid(_NOBODY)
        yield home
        os.seteuid(me)
        home.chmod(0o755)


def test_environment_below_a_folder_that_may_not_be_listed_is_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PermissionError):
        list(home.iterdir())
    environment = home / "environment"
    monkeypatch.setattr(confinement, "_environment_paths", lambda: [environment / "lib"])
    lib = str(environment / "lib")
    assert confinement._shown(home) == [
        *("--perms", "1777", "--dir", str(home)),
        *("--perms", "1777", "--dir", str(environment)),
        *("--bind-try", lib, lib),
    ]
