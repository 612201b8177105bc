"""Switches the autograder on for every course of this machine, and sets a witness beside it."""

from autograder.hooks import configure

c = get_config()  # noqa: F821  (traitlets provides it)
configure(c)

steps = c.Autograde.autograde_preprocessors
steps.insert(steps.index("autograder.hooks.classic.ReadMarks") + 1, "witness.Witness")
