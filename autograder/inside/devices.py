"""Tries, from inside the sandbox, whether torch reaches the devices that were passed on.

No code of a submission's runs here: whatever goes wrong is the machine's.
"""

from __future__ import annotations

import socket
from typing import Any

import torch
import torch.distributed as dist

from autograder.channel import Channel
from autograder.codec import encode
from autograder.inside.ranks import meet


def main(descriptor: int, order: dict[str, Any]) -> None:
    """Be one rank of a group that sums once; send why that cannot be, or an empty string."""
    names = ("rank", "size", "device", "place")
    with Channel(socket.socket(fileno=descriptor)) as channel:
        channel.send(encode(_trouble(**{name: order[name] for name in names})))


def _trouble(rank: int, size: int, device: str, place: str) -> str:
    try:
        number = torch.ones(1, device=meet(rank, size, device, place))
        dist.all_reduce(number)
    except (AssertionError, OSError, RuntimeError) as error:  # the first: a torch without CUDA
        return str(error).partition("\n")[0] or type(error).__name__
    return "" if number.item() == size else "a sum over the devices is wrong"
