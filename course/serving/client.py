"""A client: asks a service, and measures how long the answers take."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

MOST_CLIENTS, MOST_REQUESTS = 32, 5000


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the text, and the seconds it took."""

    status: int
    text: str
    seconds: float

    @property
    def value(self) -> Any:
        """The text, read as JSON."""
        return json.loads(self.text)


def ask(url: str, value: Any = None, *, body: bytes | None = None, wait_s: float = 10.0) -> Reply:
    """POST a value as JSON (or bytes as they are), or GET if there is neither.

    Raises
    ------
    OSError
        If no server answers within ``wait_s`` seconds.
    """
    data = json.dumps(value).encode() if body is None and value is not None else body
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    start = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=wait_s) as answer:
            status, text = answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            status, text = refusal.code, refusal.read()
    return Reply(status, text.decode(errors="replace"), time.perf_counter() - start)


def load_test(url: str, values: Sequence[Any], clients: int = 4) -> list[Reply]:
    """Ask for every value, from several clients at once; return the replies in their order.

    Raises
    ------
    ValueError
        If there are more clients or requests than a laptop should be asked for.
    """
    if not 1 <= clients <= MOST_CLIENTS or len(values) > MOST_REQUESTS:
        raise ValueError(f"at most {MOST_CLIENTS} clients and {MOST_REQUESTS} requests")
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda value: ask(url, value), values))
