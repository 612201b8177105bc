"""What one submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from autograder.settings import Settings


@dataclass(frozen=True)
class Limits:
    """Kernel-enforced caps on each process of a submission."""

    memory_bytes: int
    """Below about 0.64 GiB torch cannot be imported; 1 GiB trains."""
    file_bytes: int
    """Size of any one file written."""
    processes: int
    """Processes and threads at once. Not binding for uid 0."""
    open_files: int = 1024
    cap_addresses: bool = True
    """Whether one process may not even reserve more memory. An accelerator's driver reserves
    hundreds of GiB and never fills them; there only what is used counts."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Limits:
        """Take the caps from the course's settings."""
        return cls(
            memory_bytes=settings.memory_limit_bytes,
            file_bytes=settings.file_limit_bytes,
            processes=settings.process_limit,
        )

    def to_message(self) -> dict[str, int]:
        """Return the caps as plain data, to be sent to the warm parent."""
        return asdict(self)
