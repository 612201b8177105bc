"""What the tests of the sandbox share."""

from __future__ import annotations

BARE = ("autograder.inside.child",)
"""What a warm parent must import; torch takes seconds, and most of these tests need none."""
