"""The closed format in which values cross between the grader and a student's process.

``encode`` takes exact types only; a subclass, or anything else, goes to the caller's
``opaque`` hook and travels as a number. ``decode`` builds nothing but the types listed
in :mod:`autograder.codec.types`: it imports nothing by name, evaluates nothing, and
checks every length against what is there before it allocates.
"""

from autograder.codec.decoding import DecodeError, decode
from autograder.codec.encoding import EncodeError, encode
from autograder.codec.types import LIMITS, Callback, Fault, Frame, LimitsOfValues, Opaque

__all__ = [
    "LIMITS",
    "Callback",
    "DecodeError",
    "EncodeError",
    "Fault",
    "Frame",
    "LimitsOfValues",
    "Opaque",
    "decode",
    "encode",
]
