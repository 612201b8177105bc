"""Texts that no student may ever see, and the search for them."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field

_LENGTH = 20


@dataclass(frozen=True)
class Canaries:
    """One secret text for each place where something must not leak from.

    Parameters
    ----------
    nonce
        Makes the texts of each run new, so that nothing old is taken for a leak.
    others
        Further texts to look for: what they are, and the text.
    """

    nonce: str
    others: dict[str, str] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)

    def at(self, place: str) -> str:
        """Return the canary of a place; whoever asks plants it there."""
        digest = hashlib.sha256(f"{self.nonce} {place}".encode()).hexdigest()
        return self._made.setdefault(place, f"canary{digest[:_LENGTH]}")

    def found_in(self, data: bytes) -> Counter[str]:
        """Return how often the data holds each place's canary, plain or in an encoding."""
        known = {**self._made, **self.others}
        found = {place: _occurrences(data, text) for place, text in known.items()}
        return Counter({place: number for place, number in found.items() if number})


def _occurrences(data: bytes, text: str) -> int:
    return sum(data.count(form) for form in _forms(text.encode()))


def holds(data: bytes, text: str) -> bool:
    """Say whether data holds a text: plain, reversed, in hexadecimal, base64 or UTF-16."""
    return any(form in data for form in _forms(text.encode()))


def _forms(text: bytes) -> list[bytes]:
    wide = text.decode().encode("utf-16-le")
    return [text, text[::-1], text.hex().encode(), wide, *_base64_forms(text)]


def _base64_forms(text: bytes) -> list[bytes]:
    """Return what base64 makes of the text at each of the three places in a group."""
    forms = []
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text + b"\0" * 3)
        start, end = -(-before * 8 // 6), (before + len(text)) * 8 // 6
        forms.append(encoded[start:end])
    return forms
