"""Which layers of confinement hold on this machine, as this user, found by trying.

A confined process attempts what each layer is to stop, with the layers that back it up
switched off: a layer holds if the attempt fails, not because a setting says so.
"""

from autograder.doctor.examine import Diagnosis, Finding, examine
from autograder.doctor.report import doctor_command

__all__ = ["Diagnosis", "Finding", "doctor_command", "examine"]
