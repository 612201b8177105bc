"""The notebook as hidden tests reach it: a run of its cells, and copies of the run's process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.contract import Contract
from autograder.grading.devices import Lease
from autograder.grading.engine import Engine
from autograder.kernels import NotebookRun, RemoteCopy
from autograder.kernels.process import ProcessEnded


@dataclass
class Reached:
    """One run at a time.

    Attributes
    ----------
    engine
        Where the notebook runs.
    seed
        Of the copies.
    run_again
        Runs the graded cells once more, in another engine.
    run
        The present run; None while no test may run.
    """

    contract: Contract
    engine: Engine
    seed: int
    run_again: Callable[[Engine], NotebookRun]
    run: NotebookRun | None = None

    def open_copy(self, task_id: str) -> RemoteCopy:
        """Return a copy of the run's process, for a test of this task.

        Raises
        ------
        ProcessEnded
            If there is no process to copy.
        """
        if self.run is None or self.run.process is None:
            raise ProcessEnded("the notebook's process could not be kept alive")
        forbids = next((task.forbids for task in self.contract.tasks if task.id == task_id), ())
        return self.run.process.copy(self.seed, forbids)

    @contextlib.contextmanager
    def at(self, run: NotebookRun) -> Iterator[None]:
        """Let the tests meet copies of this run's process while the block runs."""
        before, self.run = self.run, run
        try:
            yield
        finally:
            self.run = before

    @contextlib.contextmanager
    def on(self, lease: Lease) -> Iterator[None]:
        """Let them meet the notebook in a sandbox of its own that reaches the leased devices.

        Raises
        ------
        NotOnThisMachine
            If it does not reach them.
        """
        with self.engine.on(lease) as engine:
            engine.check_devices(len(lease.devices))
            with self.at(self.run_again(engine)):
                yield
