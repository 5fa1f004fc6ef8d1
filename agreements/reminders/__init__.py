"""Reminders: nobody is blocked, nothing is forgotten.

``run`` looks at everything that is open at this moment and writes the notices that it is time
for; mails are made of them (``agreements.mail``). ``standstill`` finds where nobody has decided
for days.
"""

from agreements.reminders.running import announce, run, workers_on
from agreements.reminders.standstill import Standstill, standstill

__all__ = ["Standstill", "announce", "run", "standstill", "workers_on"]
