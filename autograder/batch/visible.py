"""Text of unknown origin, made safe for a terminal."""

from __future__ import annotations


def visible(text: str, longest: int | None = None) -> str:
    r"""Return ``text`` with everything that is no printable character written out.

    A student's message or file name may hold escape sequences, which move the cursor, retitle
    the window or answer for the user, and marks that reverse the direction of writing. Each
    becomes its own Python escape, such as ``\x1b``; line breaks stay.

    Parameters
    ----------
    longest
        Characters of the result; what is longer ends in an ellipsis.
    """
    kept = text if longest is None else text[: longest + 1]
    shown = "".join(char if char.isprintable() or char == "\n" else _escape(char) for char in kept)
    if longest is not None and len(shown) > longest:
        return shown[: longest - 1] + "…"
    return shown


def _escape(char: str) -> str:
    return "    " if char == "\t" else ascii(char)[1:-1]
