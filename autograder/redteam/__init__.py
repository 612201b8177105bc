"""Attacks the product with submissions made for it, and decides from evidence what came of them.

An instructor runs it against their own machine, and if they like against their own
assignment. Everything happens in a throw-away course in a temporary directory that holds
*canaries*, texts that no student may ever see; networks are listeners on loopback that the
suite itself planted.

* :mod:`~autograder.redteam.attack` reads attacks, one file each.
* :mod:`~autograder.redteam.ground` is the throw-away course.
* :mod:`~autograder.redteam.oracles` decides from what was left behind.
* :mod:`~autograder.redteam.stock` runs the same attacks on plain nbgrader, so that one sees
  that the oracles can tell success.
"""

from autograder.redteam.attack import Attack, load_attacks, open_attacks
from autograder.redteam.run import Report, Verdict, run_redteam

__all__ = ["Attack", "Report", "Verdict", "load_attacks", "open_attacks", "run_redteam"]
