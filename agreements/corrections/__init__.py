"""Correction of a wrong entry by a second person: a second entry takes the first one's place.

Nothing is overwritten: the wrong entry stays on record and says that it was corrected. If the
right outcome is another one, its effects follow: what builds on the wrong one is void.
"""

from agreements.corrections.correcting import CorrectResolution, correct, why_not

__all__ = ["CorrectResolution", "correct", "why_not"]
