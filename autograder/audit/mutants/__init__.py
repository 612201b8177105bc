"""Mutants: copies of a reference answer with one small mistake each.

A hidden test that is any good tells a mutant from the reference. Operators imitate mistakes that
students of numerical Python make; each says which. mutmut and cosmic-ray were considered: both
mutate files of an installed package in place and run its test suite, their operators are private
modules behind that machinery, and neither knows axes, transposes, copies, state or tolerances.

No mutant is known to be equivalent to the reference, but some are: a person has to list those.
Some mutants never end or hoard memory; the sandbox's deadline and memory limit are there for them.
"""

from autograder.audit.mutants.make import make_mutants
from autograder.audit.mutants.mutant import Mutant

__all__ = ["Mutant", "make_mutants"]
