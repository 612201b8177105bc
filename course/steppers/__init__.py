"""Two panels for the chain rule: step through it, and watch its checker at work."""

from __future__ import annotations

from course.steppers.chain import ChainStepper, chain_stepper
from course.steppers.checker import CheckerScope, checker_scope

__all__ = ["ChainStepper", "CheckerScope", "chain_stepper", "checker_scope"]
