"""Seeds of the hidden inputs: random to a student, the same for the whole class."""

from __future__ import annotations

import hashlib
import hmac

from autograder.errors import UserError
from autograder.settings import Settings

_DISCLOSED = b"disclosed examples"
_SEED_BYTES = 8


def read_secret(settings: Settings) -> bytes:
    """Return the course's secret.

    Raises
    ------
    UserError
        If there is none, or it is too short to be one.
    """
    path = settings.locate(settings.secret_file)
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise UserError(
            f"The course's secret cannot be read: {path}: {error.strerror}.",
            hint="`autograder init` makes one; hidden inputs are drawn from it.",
        ) from error
    if len(secret) < 16:
        raise UserError(f"The course's secret in {path} is shorter than 16 characters.")
    return secret


def hidden_seed(secret: bytes, *parts: str) -> int:
    """Return the seed for what ``parts`` name (assignment, test, term).

    It is an HMAC-SHA256, so that knowing one seed tells nothing about another.
    """
    message = "\x00".join(parts).encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return int.from_bytes(digest[:_SEED_BYTES], "big") >> 1  # fits a signed 64-bit integer


def disclosed_seed(*parts: str) -> int:
    """Return the seed of the examples that feedback may show; it needs no secret."""
    return hidden_seed(_DISCLOSED, *parts)
