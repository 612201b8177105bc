"""What an exception of a student's code says, in a form that is safe to show."""

from __future__ import annotations

_LONGEST = 600


def message_of(error: BaseException) -> str:
    """Return the message of an exception, shortened; a class may fail even at printing it."""
    try:
        text = str(error)
    except Exception:
        return "(its message cannot be shown)"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def name_and_message(error: BaseException) -> str:
    """Return ``Type: message``, or ``Type`` where there is no message."""
    name, text = type(error).__name__, message_of(error)
    return f"{name}: {text}" if text else name
