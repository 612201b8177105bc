"""What a mark may not depend on is the same in every submission's process."""

from __future__ import annotations

from pathlib import Path

from autograder.grading.engine import Engine
from autograder.kernels import Budget
from autograder.sandbox import PRELOAD, WarmParent, choose_confinement
from autograder.settings import Settings

_CELL = """
import os, random, numpy as np, torch
np.random.rand(), torch.rand(1)
print(hash("a string"), list({"b", "a", "c"}), random.random(), np.random.rand())
print(torch.rand(2), torch.empty(2), torch.get_num_threads())
print(torch.are_deterministic_algorithms_enabled())
"""


def test_seeds_hashes_threads_and_torch_are_fixed(tmp_path: Path) -> None:
    told = []
    for preload in (PRELOAD, PRELOAD, tuple(name for name in PRELOAD if name != "torch._dynamo")):
        with Engine(Settings(course_dir=tmp_path)) as engine:
            engine.adopt(WarmParent(choose_confinement(), preload, wait=False))
            for _ in range(2):
                text: list[str] = []
                process = engine.launch(7, {}, Budget(120))
                process.run_cell(_CELL, lambda kind, content, text=text: text.append(str(content)))
                told.append("".join(text))
    assert len(set(told)) == 1, told
    assert "nan" in told[0]
    assert "1\\nTrue" in told[0]
