"""Mutants: copies of a reference answer with one small mistake each.

A hidden test that is any good tells a mutant from the reference. Operators imitate mistakes that
students of numerical Python make; each says which. (mutmut and cosmic-ray were considered: their
operators are internal parts of programs that rewrite a package and run its tests, change messages
or only whole numbers, and know no axes, transposes, copies, state or tolerances.)

A few mutants are equivalent to the reference, since only a person can know what a name stands for:
``x -= y; return x`` harms no caller whose x is a number. Those have to be listed by hand. Others
never end or hoard memory; the sandbox's deadlines and memory limit are there for them.
"""

from autograder.audit.mutants.make import make_mutants
from autograder.audit.mutants.mutant import Mutant

__all__ = ["Mutant", "make_mutants"]
